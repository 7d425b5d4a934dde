//! The lightest client that speaks HTTP/1.1 over a kept connection: what it costs must not hide what the server costs.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Its headers as they came.
    pub(crate) head: String,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects to a port of this machine.
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.context("nobody listens")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        let (head_end, length) = self.exchange(request).await?;
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let body = self.buffer[head_end..head_end + length].to_vec();
        Ok(Answer { status: status(&self.buffer)?, head, body })
    }

    /// Sends a request and reads the answer without keeping it; gives the status and the number of bytes.
    pub(crate) async fn ask_quickly(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        let (head_end, length) = self.exchange(request).await?;
        Ok((status(&self.buffer)?, head_end + length))
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<(usize, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(head_end) = find(&self.buffer, b"\r\n\r\n").map(|at| at + 4) else { continue };
            let length = content_length(&self.buffer[..head_end])?;
            while self.buffer.len() < head_end + length {
                if self.stream.read_buf(&mut self.buffer).await? == 0 {
                    bail!("the answer broke off");
                }
            }
            return Ok((head_end, length));
        }
    }
}

/// A GET request.
pub(crate) fn get(port: u16, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n").into_bytes()
}

/// A POST of JSON.
pub(crate) fn post(port: u16, path: &str, headers: &str, json: &str) -> Vec<u8> {
    let length = json.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{json}"
    )
    .into_bytes()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn status(answer: &[u8]) -> Result<u16> {
    let text = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    text.and_then(|digits| digits.parse().ok()).context("no status line")
}

fn content_length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head)?;
    for line in head.split("\r\n") {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    if head.starts_with("HTTP/1.1 204") || head.starts_with("HTTP/1.1 304") {
        return Ok(0);
    }
    bail!("an answer without Content-Length:\n{head}")
}
