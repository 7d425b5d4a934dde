//! Whether the time of an answer tells an unknown name from a wrong password: medians of 200 tries each, with the
//! parameters of production, taken in turns. Prints both and how far apart they are; fails when it is 5 % or more.
//!
//! `cargo run --release -p folkmoot --example sign_in_time`

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use folkmoot::accounts::login::{self, LoginForm};
use folkmoot::accounts::visitor::Visitor;
use folkmoot::accounts::{Actor, Role, admin};
use folkmoot::config::{Config, Environment};
use folkmoot::core::App;
use folkmoot::core::app::Deliver;
use folkmoot::core::clock::Clock;
use folkmoot::core::random::Random;
use folkmoot::server::database;

/// Tries of each kind.
const TRIES: u64 = 200;
/// How far apart the medians may be, as a part of the smaller one.
const APART: f64 = 0.05;

fn main() -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (unknown, wrong) = runtime.block_on(medians())?;
    let (low, high) = (unknown.min(wrong).as_secs_f64(), unknown.max(wrong).as_secs_f64());
    let apart = (high - low) / low;
    let figures = serde_json::json!({
        "tries": TRIES,
        "unknown_name_ms": unknown.as_secs_f64() * 1000.0,
        "wrong_password_ms": wrong.as_secs_f64() * 1000.0,
        "apart_percent": apart * 100.0,
    });
    std::io::Write::write_all(&mut std::io::stdout(), format!("{figures:#}\n").as_bytes())?;
    Ok(if apart < APART { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn medians() -> anyhow::Result<(Duration, Duration)> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().context("a path in Unicode")?;
    let environment: Environment = [("DATA_DIR", data)].into_iter().collect();
    let config = Arc::new(Config::load(&environment, None)?.config);
    let db = database::open(&config, true).await?;
    database::migrate(&db).await?;
    let clock = Clock::set_to(1_795_176_000_000);
    let app = App::new(db.clone(), clock, Random::System, config, Deliver::nowhere()).await?;
    admin::create(&app, "ann", "ann@example.org", Some("a few good words"), Role::Admin).await?;

    let (mut unknown, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..TRIES {
        unknown.push(refusal(&app, "somebody").await);
        wrong.push(refusal(&app, "ann").await);
    }
    db.close().await;
    Ok((median(unknown), median(wrong)))
}

/// How long it takes until a sign-in is refused. The clock goes on before, so that no limit comes into it.
async fn refusal(app: &App, name: &str) -> Duration {
    app.clock.forward(Duration::from_secs(120));
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let visitor = Visitor { actor: Actor::guest(), address, device: None, browser: String::new() };
    let form = LoginForm { identifier: given(name), password: given("a wrong password") };
    let begin = Instant::now();
    let refused = login::login(app, visitor, form).await.is_err();
    let took = begin.elapsed();
    assert!(refused, "a wrong password is refused");
    took
}

fn given(text: &str) -> folkmoot::accounts::checks::Given<String> {
    folkmoot::accounts::checks::Given::Is(text.to_owned())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
