# The two commands: `make run` and `make test`. Both work in a fresh clone.

.DEFAULT_GOAL := help
.PHONY: help run build test check proofs chaos coverage dist generate plans bench bench-compare hooks

PORT ?= 8080

help: ## Say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: build ## Build and serve on http://localhost:8080 with ./data; DEMO=1 fills a small community first
	@scripts/run $(PORT) $(DEMO)

build: ## Build the release binary, target/release/folkmoot
	FOLKMOOT_COMMIT="$$(git rev-parse --short=12 HEAD 2>/dev/null)" cargo build --release --package folkmoot

test: ## Install what the tests need and run all of them
	@scripts/test

check: ## The quick part of the tests: no browser, no PostgreSQL
	@scripts/test quick

proofs: ## The long forms of the store's proofs: 200 kills, a log of a gigabyte; some minutes
	FOLKMOOT_KILLS=200 FOLKMOOT_LOG_MB=1000 cargo test --release --package folkmoot-store --test all

chaos: ## The long form of the chaos tests: ten minutes of faults in three nodes, and as long in one on SQLite
	FOLKMOOT_CHAOS_SECONDS=$${FOLKMOOT_CHAOS_SECONDS:-600} \
		cargo test --release --package folkmoot --test chaos -- --nocapture --test-threads=1

coverage: ## Say how much of the Rust code the tests run; takes a while
	@scripts/coverage

dist: build ## Write the web client as compressed files into dist/, for a web server in front
	target/release/folkmoot dist dist

generate: ## Write the files that are generated from the code
	@scripts/generate

plans: ## Write how both databases run each statement, to be reviewed by `git diff`
	FOLKMOOT_WRITE_PLANS=1 cargo test --quiet --package folkmoot --test all plans_are_as_reviewed

bench: ## Measure everything beside its baselines, in about twenty minutes; ARCHIVE=… for a real community
	FOLKMOOT_COMMIT="$$(git rev-parse --short=12 HEAD 2>/dev/null)" \
		cargo build --release --package folkmoot --package folkmoot-bench
	target/release/folkmoot-bench all --write bench/results $(if $(ARCHIVE),--archive $(ARCHIVE))

bench-compare: ## Set two results side by side: A=… B=… (WITHIN=20 fails what is worse by more than 20 %)
	cargo run --release --quiet --package folkmoot-bench -- compare $(A) $(B) $(if $(WITHIN),--within $(WITHIN))

hooks: ## Check each commit before it is made
	git config core.hooksPath .githooks
