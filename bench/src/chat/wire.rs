//! The lightest client that speaks WebSocket: what it costs must not hide what the server costs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// How many clients share an address, as a household would: fewer than one may have sockets open.
const OF_ADDRESS: usize = 50;
/// What a client reads at once.
const BUFFER: usize = 4 * 1024;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// An open socket.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
    /// Bytes of the frame that was given last.
    given: usize,
}

/// What came of asking for a socket.
pub(crate) enum Knocked {
    /// It is open.
    In(Wire),
    /// There is no room now; so many seconds later there may be.
    Later(u64),
}

/// Asks for a socket as client `number`, from one of many addresses of this machine.
pub(crate) async fn knock(port: u16, number: usize, headers: &str) -> Result<Knocked> {
    let mut stream = connect(port, number).await?;
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Zm9sa21vb3QgYmVuY2ghIQ==\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut buffer = BytesMut::with_capacity(BUFFER);
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            bail!("the server closed the connection");
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
    buffer.advance(end);
    if head.starts_with("http/1.1 101") {
        return Ok(Knocked::In(Wire { stream, buffer, given: 0 }));
    }
    let after = head.lines().find_map(|line| line.strip_prefix("retry-after: ")?.trim().parse().ok());
    after.map(Knocked::Later).with_context(|| format!("no socket: {head}"))
}

async fn connect(port: u16, number: usize) -> Result<TcpStream> {
    let household = u32::try_from(number / OF_ADDRESS)?;
    // 127.1.0.0 and on: all of 127.0.0.0/8 is this machine.
    let address = Ipv4Addr::from_bits(Ipv4Addr::new(127, 1, 0, 0).to_bits() + household);
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((address, 0)))?;
    let stream = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Opens a socket as client `number`, however often it has to knock.
pub(crate) async fn open(port: u16, number: usize, headers: &str) -> Result<Wire> {
    loop {
        match knock(port, number, headers).await? {
            Knocked::In(wire) => return Ok(wire),
            Knocked::Later(seconds) => tokio::time::sleep(std::time::Duration::from_secs(seconds)).await,
        }
    }
}

impl Wire {
    /// Says a frame of text.
    pub(crate) async fn say(&mut self, text: &str) -> Result<()> {
        Ok(self.write(TEXT, text.as_bytes()).await?)
    }

    /// The next frame of text.
    pub(crate) async fn hear(&mut self) -> Result<&[u8]> {
        self.buffer.advance(std::mem::take(&mut self.given));
        loop {
            while let Some((kind, from, to)) = frame(&self.buffer) {
                match kind {
                    TEXT => {
                        self.given = to;
                        return Ok(&self.buffer[from..to]);
                    }
                    CLOSE => {
                        let code = self
                            .buffer
                            .get(from..from + 2)
                            .map(|code| u16::from(code[0]) << 8 | u16::from(code[1]));
                        bail!("the server closed the socket: {code:?}")
                    }
                    PING => self.write(PONG, &[]).await?,
                    _ => {}
                }
                self.buffer.advance(to);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
        }
    }

    /// The next frame of text that has this in it.
    pub(crate) async fn hear_of(&mut self, what: &str) -> Result<Vec<u8>> {
        loop {
            let heard = self.hear().await?;
            if has(heard, what) {
                return Ok(heard.to_owned());
            }
        }
    }

    /// Is lost without a word.
    pub(crate) fn drop_dead(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }

    /// Masked with zeros, which changes nothing.
    async fn write(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut out = vec![0x80 | kind];
        match u16::try_from(payload.len()) {
            Ok(short) if short < 126 => out.push(0x80 | short.to_be_bytes()[1]),
            Ok(length) => {
                out.push(0x80 | 126);
                out.extend(length.to_be_bytes());
            }
            Err(_) => return Err(io::Error::other("a client says nothing that long")),
        }
        out.extend([0; 4]);
        out.extend(payload);
        self.stream.write_all(&out).await
    }
}

/// The first whole frame: its kind, and where its payload begins and ends.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let kind = bytes.first()? & 0x0f;
    let (length, from) = match bytes.get(1)? & 0x7f {
        126 => (u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4),
        127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?), 10),
        short => (u64::from(short), 2),
    };
    let to = from + usize::try_from(length).ok()?;
    (bytes.len() >= to).then_some((kind, from, to))
}

/// Whether bytes have this in them.
pub(crate) fn has(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}
