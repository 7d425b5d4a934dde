//! What settings promise: sources, order, complaints, secrecy, fresh documents.

use std::path::Path;

use super::*;

fn env<const N: usize>(pairs: [(&str, &str); N]) -> Environment {
    pairs.into_iter().collect()
}

fn load<const N: usize>(pairs: [(&str, &str); N]) -> Result<Loaded, Problems> {
    Config::load(&env(pairs), None)
}

fn complaint<const N: usize>(pairs: [(&str, &str); N]) -> String {
    load(pairs).expect_err("these settings are wrong").to_string()
}

#[test]
fn with_nothing_set_every_default_is_good() {
    let config = load([]).unwrap().config;
    assert_eq!(config.server.port, 8080);
    assert_eq!(config.server.environment, Deployment::Production);
    assert_eq!(config.server.base_url().to_string(), "http://localhost:8080");
    assert_eq!(config.limits.rate_limit_requests, 1000);
    assert_eq!(config.database.max_connections, 25);
    assert_eq!(config.database.shown(Path::new("./data")), "sqlite://./data/folkmoot.db");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "[server]\nport = 9000\nhost = \"127.0.0.1\"\n[logs]\nlevel = \"warn\"\n";
    let loaded = Config::load(&env([("SERVER_PORT", "9001")]), Some(file)).unwrap();
    assert_eq!(loaded.config.server.port, 9001);
    assert_eq!(loaded.config.server.host.to_string(), "127.0.0.1");
    assert_eq!(loaded.config.logs.level, LogLevel::Warn);
    let source = |variable| {
        loaded.found.iter().find(|found| found.setting.variable == variable).map(|found| found.source)
    };
    assert_eq!(source("SERVER_PORT"), Some(Source::Environment));
    assert_eq!(source("SERVER_HOST"), Some(Source::File));
    assert_eq!(source("METRICS_ADDR"), Some(Source::Default));
}

#[test]
fn other_names_are_read_but_the_first_name_wins() {
    assert_eq!(load([("PORT", "3000")]).unwrap().config.server.port, 3000);
    assert_eq!(load([("PORT", "3000"), ("SERVER_PORT", "3001")]).unwrap().config.server.port, 3001);
    let origins = load([("CORS_ORIGIN", "https://a.example, https://b.example/")]).unwrap();
    let origins = origins.config.server.allowed_origins;
    assert_eq!(
        origins.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["https://a.example", "https://b.example"]
    );
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let config = load([("SERVER_PORT", ""), ("FRONTEND_BASE_URL", "")]).unwrap().config;
    assert_eq!(config.server.port, 8080);
    assert!(config.server.frontend_base_url.is_none());
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_what_would_be_right() {
    let said = complaint([
        ("SERVER_PORT", "eighty"),
        ("ENVIRONMENT", "prod"),
        ("LOG_LEVEL", "loud"),
        ("DB_MAX_CONNECTIONS", "1"),
        ("TRUSTED_PROXIES", "10.0.0.0/40"),
    ]);
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "ENVIRONMENT is \"prod\"; expected one of development, staging, production.",
            "SERVER_PORT is \"eighty\"; expected a whole number.",
            "TRUSTED_PROXIES is \"10.0.0.0/40\"; expected a list, separated by commas, each an address or network \
             such as 127.0.0.1, 10.0.0.0/8 or fd00::/8. \"10.0.0.0/40\" is wrong. It has at most 32 bits.",
            "DB_MAX_CONNECTIONS is \"1\"; expected a whole number from 3 to 1000.",
            "LOG_LEVEL is \"loud\"; expected one of debug, info, warn, error.",
        ]
    );
}

#[test]
fn unknown_keys_and_sections_stop_the_start_and_name_what_was_meant() {
    let file = "[server]\nprot = 1\n[serve]\nport = 2\n";
    let said = Config::load(&env([]), Some(file)).unwrap_err().to_string();
    assert!(said.contains("server.prot is not a setting; did you mean port?"), "{said}");
    assert!(said.contains("[serve] is not a section; there are server, database, redis, logs"), "{said}");
    let said = Config::load(&env([]), Some("server = 1")).unwrap_err().to_string();
    assert_eq!(said, "server must be a section: [server]");
    let said = Config::load(&env([]), Some("[server]\nport = { a = 1 }")).unwrap_err().to_string();
    assert_eq!(said, "server.port is of the wrong kind; expected a whole number");
    let said = Config::load(&env([]), Some("[server")).unwrap_err().to_string();
    assert!(said.starts_with("The settings file is not TOML"), "{said}");
}

#[test]
fn environments_of_one_team_reach_three_databases() {
    for (environment, url) in [
        ("production", "postgres://folkmoot:pw@postgres:5432/folkmoot"),
        ("staging", "postgres://folkmoot:pw@postgres-staging:5432/folkmoot"),
        ("development", "postgres://folkmoot_dev:pw@localhost:5432/folkmoot_dev"),
    ] {
        let config = load([("ENVIRONMENT", environment), ("DATABASE_URL", url)]).unwrap().config;
        assert_eq!(config.database.address(Path::new("")).expose(), url);
        let hidden = url.replace(":pw@", ":(hidden)@");
        assert_eq!(config.database.shown(Path::new("")), hidden);
    }
}

#[test]
fn a_postgresql_address_is_composed_from_its_parts() {
    let parts = [("DB_HOST", "db"), ("DB_USER", "me"), ("DB_PASSWORD", "p@ss/w"), ("DB_NAME", "forum")];
    let config = load(parts).unwrap().config;
    assert_eq!(config.database.address(Path::new("")).expose(), "postgres://me:p%40ss%2Fw@db:5432/forum");
    assert_eq!(config.database.shown(Path::new("")), "postgres://me:(hidden)@db:5432/forum");
    let said = complaint([("DB_HOST", "db")]);
    assert_eq!(said, "DB_USER is needed beside DB_HOST\nDB_NAME is needed beside DB_HOST");
}

#[test]
fn several_hosts_of_one_database_have_the_same_port() {
    let parts = [("DB_HOST", "a, b"), ("DB_PORT", "5433"), ("DB_USER", "me"), ("DB_NAME", "forum")];
    let config = load(parts).unwrap().config;
    assert_eq!(config.database.address(Path::new("")).expose(), "postgres://me@a:5433,b:5433/forum");
}

#[test]
fn a_replica_is_of_postgresql_and_keeps_its_password_to_itself() {
    let (primary, replica) = ("postgres://me:hunter2@a/forum", "postgres://me:hunter2@b,c/forum");
    let loaded = load([("DATABASE_URL", primary), ("DATABASE_REPLICA_URL", replica)]).unwrap();
    assert_eq!(loaded.config.database.replica().unwrap().expose(), replica);
    let everything = format!("{loaded:?}{}{}", printed(&loaded), printed_json(&loaded));
    assert!(!everything.contains("hunter2"), "{everything}");
    let refused = "DATABASE_REPLICA_URL is for PostgreSQL: both servers must be";
    assert_eq!(complaint([("DATABASE_REPLICA_URL", replica)]), refused);
    let embedded = [("DATABASE_URL", "sqlite://a.db"), ("DATABASE_REPLICA_URL", replica)];
    assert_eq!(complaint(embedded), refused);
    let embedded = [("DATABASE_URL", primary), ("DATABASE_REPLICA_URL", "sqlite://a.db")];
    assert_eq!(complaint(embedded), refused);
}

#[test]
fn a_file_for_sqlite_may_be_named_alone() {
    let config = load([("DB_PATH", "/data/forum.db")]).unwrap().config;
    assert_eq!(config.database.address(Path::new("")).expose(), "sqlite:///data/forum.db");
}

#[test]
fn two_addresses_or_a_foreign_one_are_refused() {
    let said = complaint([("DATABASE_URL", "sqlite://a.db"), ("DB_PATH", "b.db")]);
    assert_eq!(said, "DB_PATH and DATABASE_URL are both set; keep the one that is meant");
    let said = complaint([("DATABASE_URL", "mongodb://secret@host")]);
    assert!(said.contains("Folkmoot keeps its data in SQLite or PostgreSQL"), "{said}");
    assert!(!said.contains("secret@"), "{said}");
}

#[test]
fn redis_is_named_by_one_address_or_by_its_parts() {
    let address = |pairs: &[(&str, &str)]| {
        let loaded = Config::load(&pairs.iter().copied().collect(), None).unwrap();
        loaded.config.redis.address().map(|address| address.to_string())
    };
    assert_eq!(address(&[]), None);
    assert_eq!(address(&[("REDIS_PASSWORD", "hunter2")]), None);
    assert_eq!(address(&[("REDIS_URL", "redis://:hunter2@cache/3")]).unwrap(), "redis://cache:6379/3");
    assert_eq!(address(&[("REDIS_ADDR", "cache:7000"), ("REDIS_DB", "3")]).unwrap(), "redis://cache:7000/3");
    let sentinels =
        address(&[("REDIS_URL", "redis+sentinel://a,b:7000/forum"), ("REDIS_PASSWORD", "hunter2")]);
    assert_eq!(sentinels.unwrap(), "redis+sentinel://a:26379,b:7000/forum/0");
    let loaded = load([("REDIS_URL", "redis://ann:hunter2@cache/3")]).unwrap();
    let everything = format!("{loaded:?}{}{}", printed(&loaded), printed_json(&loaded));
    assert!(!everything.contains("hunter2"), "{everything}");
    let loaded = load([("REDIS_ADDR", "cache:7000"), ("REDIS_PASSWORD", "hunter2")]).unwrap();
    let everything = format!("{loaded:?}{}{}", printed(&loaded), printed_json(&loaded));
    assert!(!everything.contains("hunter2"), "{everything}");
}

#[test]
fn addresses_of_redis_that_cannot_be_meant_stop_the_start() {
    let said = complaint([("REDIS_URL", "redis://cache"), ("REDIS_ADDR", "cache:6379")]);
    assert_eq!(said, "REDIS_ADDR and REDIS_URL are both set; keep the one that is meant");
    let said = complaint([("REDIS_URL", "redis://cache"), ("REDIS_DB", "3")]);
    assert_eq!(said, "REDIS_DB belongs to REDIS_ADDR; in REDIS_URL the number stands at the end");
    for text in ["cache", "rediss://:hunter2@cache", "redis+sentinel://:hunter2@one,two"] {
        let said = complaint([("REDIS_URL", text)]);
        assert!(said.starts_with("REDIS_URL") && !said.contains("hunter2"), "{said}");
    }
    assert!(load([("REDIS_ADDR", "redis://cache")]).is_err());
}

#[test]
fn base_urls_lose_their_path_so_that_nothing_is_served_under_api_api() {
    for text in ["https://forum.example", "https://forum.example/", "HTTPS://Forum.Example:443/api/"] {
        let config = load([("BACKEND_BASE_URL", text)]).unwrap().config;
        assert_eq!(config.server.api_base_url().join("/api/me"), "https://forum.example/api/me", "{text}");
        assert!(config.server.api_base_url().is_secure());
    }
    for text in ["forum.example", "https://forum.example/forum", "https://me:pw@forum.example", "ftp://x"] {
        assert!(load([("FRONTEND_BASE_URL", text)]).is_err(), "{text}");
    }
}

#[test]
fn a_secret_may_be_kept_in_a_file_and_never_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    let path = path.to_str().unwrap();
    let parts = [("DB_HOST", "db"), ("DB_USER", "me"), ("DB_NAME", "forum"), ("DB_PASSWORD_FILE", path)];
    let loaded = load(parts).unwrap();
    let address = loaded.config.database.address(Path::new(""));
    assert_eq!(address.expose(), "postgres://me:hunter2@db:5432/forum");
    let everything = format!("{loaded:?}{}{}", printed(&loaded), printed_json(&loaded));
    assert!(!everything.contains("hunter2"), "{everything}");
    assert!(printed(&loaded).contains("password = \"(hidden)\""), "{}", printed(&loaded));

    let both = complaint([("DB_PASSWORD", "a"), ("DB_PASSWORD_FILE", path)]);
    assert_eq!(both, "DB_PASSWORD_FILE and DB_PASSWORD are both set; keep one");
    let gone = complaint([("DB_PASSWORD_FILE", "/nowhere/at/all")]);
    assert!(gone.starts_with("DB_PASSWORD_FILE names /nowhere/at/all, which cannot be read"), "{gone}");
}

#[test]
fn the_client_is_served_from_a_folder_in_development_only() {
    assert!(load([("CLIENT_DIR", "client"), ("ENVIRONMENT", "development")]).is_ok());
    let said = complaint([("CLIENT_DIR", "client"), ("ENVIRONMENT", "staging")]);
    assert_eq!(said, "CLIENT_DIR is for ENVIRONMENT=development alone; leave it out here");
}

#[test]
fn logs_are_readable_in_development_and_json_elsewhere_unless_said_otherwise() {
    let format = |environment, format| {
        load([("ENVIRONMENT", environment), ("LOG_FORMAT", format)]).unwrap().config.log_format()
    };
    assert_eq!(format("development", ""), LogFormat::Readable);
    assert_eq!(format("staging", "auto"), LogFormat::Json);
    assert_eq!(format("production", "readable"), LogFormat::Readable);
}

#[test]
fn networks_contain_what_lies_in_them() {
    let config = load([("TRUSTED_PROXIES", "10.0.0.0/8, ::1, fd00::/8, 0.0.0.0/0")]).unwrap().config;
    let [ten, one, local, all] = config.server.trusted_proxies[..] else { panic!("four networks") };
    let address = |text: &str| text.parse().unwrap();
    assert!(ten.contains(address("10.200.3.4")) && ten.contains(address("::ffff:10.1.1.1")));
    assert!(!ten.contains(address("11.0.0.1")) && !ten.contains(address("::1")));
    assert!(one.contains(address("::1")) && !one.contains(address("::2")));
    assert!(local.contains(address("fdab::1")) && all.contains(address("192.0.2.1")));
}

#[test]
fn the_example_files_and_the_handbook_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (path, fresh) in [
        ("config.example.toml", file_example()),
        (".env.example", env_example()),
        ("docs/configuration.md", page()),
    ] {
        let kept = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        assert!(kept == fresh, "{path} is stale: run scripts/generate");
    }
}

#[test]
fn the_example_files_are_good_as_they_stand_and_uncommented() {
    let uncommented = |text: &str, marks: fn(&str) -> bool| {
        text.lines()
            .filter_map(|line| match line.strip_prefix('#') {
                Some(rest) if marks(rest) => Some(rest),
                Some(_) => None,
                None => Some(line),
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    let file = uncommented(&file_example(), |rest| {
        !rest.starts_with(' ')
            && !["url", "replica_url", "host", "user", "name =", "password"]
                .iter()
                .any(|key| rest.starts_with(key))
    });
    let development = env([("ENVIRONMENT", "development")]);
    Config::load(&development, Some(&file)).unwrap();
    Config::load(&development, Some(&file_example())).unwrap();

    let variables = uncommented(&env_example(), |rest| {
        !rest.starts_with(' ')
            && !rest.contains("_FILE=")
            && !["DATABASE_URL", "DATABASE_REPLICA_URL", "DB_HOST", "ENVIRONMENT", "REDIS_URL"]
                .iter()
                .any(|name| rest.starts_with(name))
    });
    Config::load(&development.over(parse_env_file(&variables).unwrap()), None).unwrap();
}

#[test]
fn the_samples_for_staging_and_for_a_desk_are_read_by_the_loader() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (name, environment) in
        [(".env.staging", Deployment::Staging), (".env.local", Deployment::Development)]
    {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        let variables = parse_env_file(&text).unwrap();
        let known: Vec<_> =
            SECTIONS.iter().flat_map(|section| section.settings).map(|one| one.variable).collect();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let variable = line.split('=').next().unwrap_or_default();
            assert!(known.contains(&variable.trim_end_matches("_FILE")), "{name}: {variable} is no setting");
        }
        let without_files: Environment = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .filter(|(n, _)| !n.ends_with("_FILE"))
            .collect();
        let config = Config::load(&without_files, None).unwrap().config;
        assert_eq!(config.server.environment, environment);
        assert!(variables.get("ENVIRONMENT").is_some());
    }
}

#[test]
fn an_environment_file_is_read_as_compose_reads_it() {
    let text = "# comment\n\nA=1\nexport B='two words'\nC=\"x=y\"\nD=\n";
    let variables = parse_env_file(text).unwrap();
    assert_eq!(variables.get("A"), Some("1"));
    assert_eq!(variables.get("B"), Some("two words"));
    assert_eq!(variables.get("C"), Some("x=y"));
    assert_eq!(variables.get("D"), None);
    assert_eq!(parse_env_file("A=1\nnonsense").err().as_deref(), Some("line 2: expected NAME=value"));
}
