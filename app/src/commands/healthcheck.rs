//! `folkmoot healthcheck`: asks the server of these settings whether it is alive, for containers without a shell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Context, Output};

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(3);
/// More than any answer of a probe, in bytes.
const ANSWER: u64 = 64 * 1024;

/// What to ask.
#[derive(Args, Debug)]
pub(super) struct Healthcheck {
    /// Ask whether it is ready for requests rather than only alive.
    #[arg(long)]
    ready: bool,
}

pub(super) fn run(ask: &Healthcheck, context: &Context, output: &mut Output) -> ExitCode {
    let answer = super::runtime().and_then(|runtime| {
        let server = context.load()?.config.server;
        let address = SocketAddr::new(reachable(server.host), server.port);
        let path = if ask.ready { "/ready" } else { "/health" };
        let asked = async { tokio::time::timeout(LIMIT, get(address, path)).await };
        runtime.block_on(asked).with_context(|| format!("{address} did not answer in time"))?
    });
    match answer {
        Ok(body) => {
            output.say(body);
            ExitCode::SUCCESS
        }
        Err(error) => super::failed(&error, output),
    }
}

/// A server that listens everywhere is reached here.
fn reachable(host: IpAddr) -> IpAddr {
    match host {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}

/// The body of a plain GET; the server closes the connection after it.
async fn get(address: SocketAddr, path: &str) -> anyhow::Result<String> {
    let mut stream =
        TcpStream::connect(address).await.with_context(|| format!("nothing listens on {address}"))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer is not HTTP")?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{}: {body}", head.lines().next().unwrap_or_default());
    Ok(body.to_owned())
}
