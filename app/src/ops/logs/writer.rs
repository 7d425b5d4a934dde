//! The thread that writes log lines, so that no request waits for a slow terminal or pipe.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// How many lines may wait; whoever logs more waits for the reader, and nothing is lost.
const WAITING: usize = 8192;
/// How many bytes are gathered before they are written, when lines come faster than they can be written.
const BATCH: usize = 64 * 1024;

/// Takes lines.
#[derive(Clone)]
pub(super) struct Writer(SyncSender<Message>);

enum Message {
    Line(String),
    Stop,
}

/// Holds the writing thread; when it is dropped, every line logged before is written.
pub struct Flush {
    sender: SyncSender<Message>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(target: impl Write + Send + 'static) -> std::io::Result<(Self, Flush)> {
        let (sender, receiver) = sync_channel(WAITING);
        let work = move || write_all(&receiver, target);
        let thread = std::thread::Builder::new().name("logs".to_owned()).spawn(work)?;
        Ok((Self(sender.clone()), Flush { sender, thread: Some(thread) }))
    }

    /// Hands a line over; after the end it goes nowhere.
    pub(super) fn line(&self, line: String) {
        let _ = self.0.send(Message::Line(line));
    }
}

/// Writes what comes until told to stop. Nobody is left to tell when the target itself fails.
fn write_all(lines: &Receiver<Message>, mut target: impl Write) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Ok(mut message) = lines.recv() {
        let mut stop = false;
        loop {
            match message {
                Message::Line(line) => batch.extend_from_slice(line.as_bytes()),
                Message::Stop => stop = true,
            }
            if stop || batch.len() >= BATCH {
                break;
            }
            match lines.try_recv() {
                Ok(next) => message = next,
                Err(_) => break,
            }
        }
        let _ = target.write_all(&batch);
        let _ = target.flush();
        batch.clear();
        if stop {
            return;
        }
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let _ = self.sender.send(Message::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use super::*;

    #[derive(Clone, Default)]
    struct Slow(Arc<Mutex<Vec<u8>>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(1));
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_logged_before_the_end_is_lost_however_slow_the_reader() {
        let target = Slow::default();
        let (writer, flush) = Writer::start(target.clone()).unwrap();
        for n in 0..20_000 {
            writer.line(format!("{n}\n"));
        }
        drop(flush);
        let text = String::from_utf8(target.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            text.lines().map(|line| line.parse::<u32>().unwrap()).collect::<Vec<_>>(),
            (0..20_000).collect::<Vec<_>>()
        );
        writer.line("after the end\n".to_owned());
    }
}
