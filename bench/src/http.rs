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
        let (head_end, end) = self.exchange(request).await?;
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let body = &self.buffer[head_end..end];
        let body = match length(&self.buffer[..head_end])? {
            Length::Known(_) => body.to_vec(),
            Length::Chunked => chunks(body)?.concat(),
        };
        Ok(Answer { status: status(&self.buffer)?, head, body })
    }

    /// Sends a request and reads the answer without keeping it; gives the status and the number of bytes.
    pub(crate) async fn ask_quickly(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        let (_, end) = self.exchange(request).await?;
        Ok((status(&self.buffer)?, end))
    }

    /// Sends a request and reads the answer; gives where its head and its body end.
    async fn exchange(&mut self, request: &[u8]) -> Result<(usize, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head_end = loop {
            self.more().await?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        match length(&self.buffer[..head_end])? {
            Length::Known(length) => {
                while self.buffer.len() < head_end + length {
                    self.more().await?;
                }
                Ok((head_end, head_end + length))
            }
            Length::Chunked => {
                while !self.buffer[head_end..].ends_with(b"0\r\n\r\n")
                    || chunks(&self.buffer[head_end..]).is_err()
                {
                    self.more().await?;
                }
                Ok((head_end, self.buffer.len()))
            }
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
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

/// How the end of a body is known.
enum Length {
    Known(usize),
    Chunked,
}

fn length(head: &[u8]) -> Result<Length> {
    let head = std::str::from_utf8(head)?;
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            return Ok(Length::Known(value.trim().parse()?));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked") {
            return Ok(Length::Chunked);
        }
    }
    if head.starts_with("HTTP/1.1 204") || head.starts_with("HTTP/1.1 304") {
        return Ok(Length::Known(0));
    }
    bail!("an answer whose end nobody knows:\n{head}")
}

/// The chunks of a whole body.
fn chunks(mut body: &[u8]) -> Result<Vec<&[u8]>> {
    let mut chunks = Vec::new();
    loop {
        let line = find(body, b"\r\n").context("a chunk without its size")?;
        let size = usize::from_str_radix(std::str::from_utf8(&body[..line])?.trim(), 16)?;
        if size == 0 {
            return Ok(chunks);
        }
        let from = line + 2;
        chunks.push(body.get(from..from + size).context("a chunk that broke off")?);
        body = body.get(from + size + 2..).context("a chunk that broke off")?;
    }
}

/// Text as part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The value of a header.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::{chunks, encoded, header};

    #[test]
    fn a_body_in_chunks_is_put_together_and_a_part_of_one_is_not_taken_for_it() {
        let body = b"4\r\nfour\r\n6\r\n0\r\n\r\nx\r\n0\r\n\r\n";
        assert_eq!(chunks(body).unwrap().concat(), b"four0\r\n\r\nx");
        for length in 0..body.len() - 2 {
            let whole = chunks(&body[..length]).is_ok() && body[..length].ends_with(b"0\r\n\r\n");
            assert!(!whole, "{length}");
        }
    }

    #[test]
    fn every_text_fits_an_address_and_headers_are_found_in_any_case() {
        assert_eq!(encoded("C++ 中 a-b"), "C%2B%2B%20%E4%B8%AD%20a-b");
        let head = "HTTP/1.1 301 Moved\r\nlocation: /threads/7\r\n\r\n";
        assert_eq!(header(head, "Location"), Some("/threads/7"));
    }
}
