//! How fast texts are cut and candidates put in order: `cargo run --release -p folkmoot-terms --example pace`.
//!
//! The texts are made up: words whose frequencies fall as in real ones, some identifiers, a tenth of it Chinese.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use folkmoot_terms::{Candidate, Document, Found, Kind, Query, Source, Vocabulary, cut};

const TEXTS: usize = 1_000;
const BYTES: usize = 1_024;
const ROUNDS: u32 = 15;

/// The shortest of several rounds: what the others took longer went to other programs.
fn least(mut of: impl FnMut()) -> Duration {
    let mut round = || {
        let begun = Instant::now();
        of();
        begun.elapsed()
    };
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

/// A small generator (xorshift): the same texts every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// A word's place in the list of words by frequency.
    fn rank(&mut self) -> u64 {
        let within = 1 << self.below(14);
        self.below(within) + within
    }
}

fn text(dice: &mut Dice) -> String {
    let mut text = String::with_capacity(BYTES + 64);
    while text.len() < BYTES {
        let rank = dice.rank();
        let written = match rank % 40 {
            0 => write!(text, "SetValue{}(node_{rank}); ", word(rank / 40)),
            1..4 => write!(text, "{}", char::from_u32(0x4E00 + (rank % 3_000) as u32).unwrap_or('一')),
            _ => write!(text, "{} ", word(rank)),
        };
        if written.is_err() {
            break;
        }
    }
    text
}

/// A pronounceable word for a number.
fn word(mut number: u64) -> String {
    let mut word = String::new();
    while number > 0 {
        word.push(char::from(b"bdfgklmnprst"[(number % 12) as usize]));
        number /= 12;
        word.push(char::from(b"aeiou"[(number % 5) as usize]));
        number /= 5;
    }
    word
}

fn main() -> io::Result<()> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let texts: Vec<String> = (0..TEXTS).map(|_| text(&mut dice)).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let rate = |took: Duration| bytes as f64 / 1e6 / took.as_secs_f64();
    let mut out = io::stdout().lock();

    let took = least(|| texts.iter().for_each(|text| drop(std::hint::black_box(cut(text)))));
    writeln!(out, "cut                {:8.1} MB/s", rate(took))?;
    let document =
        |text: &String| Document::of(&Source { title: "A title", body: text, ..Source::default() });
    let took = least(|| texts.iter().for_each(|text| drop(std::hint::black_box(document(text)))));
    writeln!(out, "document           {:8.1} MB/s", rate(took))?;

    let documents: Vec<Document> = texts.iter().map(document).collect();
    let candidate = |(id, document): (usize, &'static Document)| Candidate {
        kind: Kind::Reply,
        id: id as i64,
        thread: Some(id as i64 / 4),
        at: id as i64,
        title: &document.title,
        text: &document.text,
    };
    let documents: &'static [Document] = documents.leak();
    let candidates: Vec<Candidate> = documents.iter().enumerate().map(candidate).collect();
    for q in
        [word(5), format!("{} {} {}", word(3), word(40), word(700)), "\"set value\" 一丁 node_90".to_owned()]
    {
        let query = Query::parse(&q);
        let found = |text: &str| Vec::from([Found { word: text.to_owned(), entries: 40 }]);
        let answers = query.lookups().iter().map(|lookup| found(&lookup.text)).collect();
        let plan = query.plan(&Vocabulary { answers, entries: 1_000 });
        let took = least(|| drop(std::hint::black_box(plan.rank(&candidates, 0))));
        let answers = plan.rank(&candidates, 0).answers.len();
        writeln!(
            out,
            "rank {TEXTS} of 1 KB  {:8.2} ms    {q} ({answers} answers)",
            took.as_secs_f64() * 1e3
        )?;
        let took =
            least(|| texts[..20].iter().for_each(|text| drop(std::hint::black_box(plan.excerpt(text)))));
        writeln!(out, "20 excerpts        {:8.2} ms", took.as_secs_f64() * 1e3)?;
    }
    Ok(())
}
