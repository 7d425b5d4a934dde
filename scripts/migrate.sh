#!/bin/sh
# Brings the schema up to date, or does what `folkmoot migrate` can do else: scripts/migrate.sh [status|plan|up|down …].
# The database is the one of the settings (DATABASE_URL, DB_PATH, config.toml …).
set -eu
cd "$(dirname "$0")/.."

for binary in target/release/folkmoot target/debug/folkmoot; do
    if [ -x "$binary" ]; then
        exec "$binary" migrate "${@:-up}"
    fi
done
if command -v folkmoot >/dev/null; then
    exec folkmoot migrate "${@:-up}"
fi
echo "There is no binary yet: run 'make build' first." >&2
exit 1
