//! The one way in which commands say something: results to one stream, remarks and errors to the other.

use std::fmt::Display;
use std::io::Write;

/// Where a command writes. Programs read results, so remarks never mix with them.
pub struct Output {
    results: Box<dyn Write + Send>,
    remarks: Box<dyn Write + Send>,
}

impl Output {
    /// Standard output and standard error.
    pub fn terminal() -> Self {
        Self::to(std::io::stdout(), std::io::stderr())
    }

    /// Anything else, for tests.
    pub fn to(results: impl Write + Send + 'static, remarks: impl Write + Send + 'static) -> Self {
        Self { results: Box::new(results), remarks: Box::new(remarks) }
    }

    /// Writes a line of the result. A reader that went away (`| head`) is nobody's error.
    pub fn say(&mut self, text: impl Display) {
        let _ = writeln!(self.results, "{text}");
    }

    /// Writes text of the result as it is.
    pub fn write(&mut self, text: &str) {
        let _ = self.results.write_all(text.as_bytes());
        let _ = self.results.flush();
    }

    /// Writes a JSON result, indented.
    pub fn json(&mut self, value: &serde_json::Value) {
        self.say(format_args!("{value:#}"));
    }

    /// Writes a remark or an error.
    pub fn remark(&mut self, text: impl Display) {
        let _ = writeln!(self.remarks, "{text}");
    }
}
