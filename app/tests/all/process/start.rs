//! Starting: settings, schema, and what commands say.

use folkmoot::core::schema::MIGRATIONS;
use folkmoot_store::testing::Postgres;

use super::http::get;
use super::node::Settings;

fn said(output: &std::process::Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_environment_alone_is_enough_and_the_data_is_where_it_says() {
    let settings = Settings::new();
    let node = settings.start();
    assert_eq!(get(node.address, "/health").status, 200);
    assert!(settings.path().join("folkmoot.db").is_file());
}

#[test]
fn wrong_settings_stop_the_start_and_are_all_named() {
    let settings = Settings::new().with("SERVER_PORT", "eighty").with("LOG_LEVEL", "loud");
    let (code, _, errors) = said(&settings.run(&["serve"]));
    assert_eq!(code, 2);
    assert!(errors.contains("SERVER_PORT is \"eighty\"; expected a whole number"), "{errors}");
    assert!(errors.contains("LOG_LEVEL is \"loud\"; expected one of debug, info, warn, error"), "{errors}");
    assert_eq!(said(&settings.run(&["config", "check"])).0, 2);
}

#[test]
fn a_settings_file_and_an_environment_file_are_read_where_they_are_named() {
    let settings = Settings::new();
    let (file, variables) = (settings.path().join("my.toml"), settings.path().join("my.env"));
    std::fs::write(&file, "[community]\nname = \"Cats\"\nminimum_age = 16\n").unwrap();
    std::fs::write(&variables, "COMMUNITY_NAME='Dogs and more'\nDB_PASSWORD=s3cret\n").unwrap();
    let (file, variables) = (file.to_str().unwrap(), variables.to_str().unwrap());
    let (code, out, errors) =
        said(&settings.run(&["config", "print", "--json", "--config", file, "--env-file", variables]));
    assert_eq!(code, 0, "{errors}");
    let printed: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(printed["community"]["name"]["value"], "Dogs and more");
    assert_eq!(printed["community"]["minimum_age"]["source"], "file");
    assert!(!out.contains("s3cret"));

    let (code, _, errors) = said(&settings.run(&["config", "check", "--config", "nowhere.toml"]));
    assert_eq!(code, 1);
    assert!(errors.contains("cannot read nowhere.toml"), "{errors}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let node = Settings::new().start();
    let settings = Settings::new().with("SERVER_PORT", &node.address.port().to_string());
    let (code, _, errors) = said(&settings.run(&["serve"]));
    assert_eq!(code, 1);
    assert!(errors.contains("cannot listen on") && errors.contains("SERVER_PORT"), "{errors}");
}

#[test]
fn an_sqlite_database_has_one_server() {
    let settings = Settings::new();
    let _first = settings.start();
    let (code, _, errors) = said(&settings.run(&["serve"]));
    assert_eq!(code, 1);
    assert!(errors.contains("cannot open the database"), "{errors}");
}

#[tokio::test]
async fn two_nodes_that_start_at_once_make_the_schema_once_on_postgres() {
    let database = Postgres::start().database().await;
    let nodes: Vec<_> =
        (0..3).map(|_| Settings::new().with("DATABASE_URL", &database.url()).spawn()).collect();
    let mut made: Vec<String> = nodes
        .into_iter()
        .flat_map(|mut node| {
            node.wait_for_line("listening");
            node.log()
        })
        .filter(|line| line["msg"] == "the schema was brought up to date")
        .flat_map(|line| {
            line["steps"]
                .as_str()
                .unwrap()
                .trim_matches(['[', ']'])
                .split(", ")
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    let steps = made.len();
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), steps, "each step once, whoever makes it");
    assert_eq!(steps, MIGRATIONS.len());
}

#[test]
fn the_schema_goes_up_and_down_and_says_where_it_is() {
    let settings = Settings::new();
    let run = |arguments: &[&str]| {
        let (code, out, errors) = said(&settings.run(&[&["migrate"], arguments].concat()));
        assert_eq!(code, 0, "{arguments:?}: {errors}");
        out
    };
    assert!(run(&["plan"]).contains("CREATE TABLE users"));
    assert!(run(&["status"]).starts_with("missing    000001_initial_schema"));
    assert!(run(&["up", "--to", "1"]).contains("1 made"));
    let status: serde_json::Value = serde_json::from_str(&run(&["status", "--json"])).unwrap();
    assert_eq!(status[0]["applied"], true);
    assert_eq!(status[1]["applied"], false);
    run(&["up"]);
    assert_eq!(run(&["up"]), "There was nothing to do.\n");
    assert!(run(&["down", "--to", "0"]).contains("1 taken back"));
    assert!(run(&["status"]).starts_with("missing    000001_initial_schema"));
}

#[test]
fn every_command_explains_itself_and_wrong_ones_are_refused() {
    let settings = Settings::new();
    let (code, out, _) = said(&settings.run(&["--help"]));
    assert_eq!(code, 0);
    for verb in ["serve", "migrate", "admin", "import", "config", "openapi", "healthcheck", "version"] {
        assert!(out.contains(verb), "{verb} in {out}");
        assert_eq!(said(&settings.run(&[verb, "--help"])).0, 0, "{verb}");
    }
    let (code, out, errors) = said(&settings.run(&["fly"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(errors.contains("fly"), "{errors}");
}

#[test]
fn the_binary_says_what_it_is_and_what_it_answers() {
    let settings = Settings::new().with("BACKEND_BASE_URL", "https://forum.example/api");
    let (code, out, _) = said(&settings.run(&["version", "--json"]));
    assert_eq!(code, 0);
    let version: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    let (code, out, _) = said(&settings.run(&["openapi"]));
    assert_eq!(code, 0);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["servers"][0]["url"], "https://forum.example");
}

#[test]
fn the_health_check_asks_the_server_of_the_same_settings() {
    let node = Settings::new().start();
    let settings = Settings::new().with("SERVER_PORT", &node.address.port().to_string());
    let (code, out, _) = said(&settings.run(&["healthcheck", "--ready"]));
    assert_eq!(code, 0);
    assert!(out.contains("\"ready\""), "{out}");
    drop(node);
    let (code, _, errors) = said(&settings.run(&["healthcheck"]));
    assert_eq!(code, 1);
    assert!(errors.contains("nothing listens on"), "{errors}");
}
