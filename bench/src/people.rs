//! The members who read and write: made with the command line, as an operator would, and signed in.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::{Connection, post};
use crate::server::Server;

const PASSWORD: &str = "correct-horse-battery";

/// Makes so many members and gives the headers of each.
pub(crate) async fn members(server: &Server, count: usize) -> Result<Vec<String>> {
    let mut members = Vec::new();
    for number in 0..count {
        let (name, email) = (name(number), format!("member{number}@example.org"));
        let mut create = server.command();
        create.args(["admin", "create", "--nickname", &name, "--email", &email, "--password", PASSWORD]);
        if !create.stdout(Stdio::null()).status()?.success() {
            bail!("{name} could not be made");
        }
        let login = json!({"identifier": name, "password": PASSWORD}).to_string();
        let answer = Connection::open(server.port)
            .await?
            .ask(&post(server.port, "/api/auth/login", "", &login))
            .await?;
        if answer.status != 200 {
            bail!("{name} could not sign in: {}", String::from_utf8_lossy(&answer.body));
        }
        members.push(format!("Cookie: {}\r\n", cookie(&answer.head)?));
    }
    Ok(members)
}

/// What a member is called.
pub(crate) fn name(number: usize) -> String {
    format!("member{number}")
}

fn cookie(head: &str) -> Result<String> {
    let pairs = head.split("\r\n").filter_map(|line| line.split_once(": "));
    let set = pairs.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value);
    let cookie =
        set.filter_map(|value| value.split(';').next()).find(|pair| pair.starts_with("folkmoot_session="));
    cookie.map(str::to_owned).context("no session cookie")
}

/// Does something as a member, and gives the answer's JSON, if there is one.
pub(crate) async fn act(server: &Server, member: &str, path: &str, body: &Value) -> Result<Value> {
    let request = post(server.port, path, member, &body.to_string());
    let answer = Connection::open(server.port).await?.ask(&request).await?;
    if answer.status == 204 {
        return Ok(Value::Null);
    }
    if !matches!(answer.status, 200 | 201) {
        bail!("{path} answers {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(serde_json::from_slice(&answer.body)?)
}
