//! How many entries there are, and when they were written: by this PostgreSQL is asked for the newest of many without
//! looking at all of them.

use std::sync::{Arc, PoisonError, RwLock};

use folkmoot_terms::Expression;

use super::model::{SPANS, in_span};
use super::queries::entries;
use crate::core::parts::Part;
use crate::core::read::Read;
use crate::core::{App, Result};

/// With fewer entries than this they are counted for each search.
const FEW: i64 = 20_000;
/// The span that entries are counted by, in bits of milliseconds.
const COUNTED: u32 = SPANS[1];

/// Entries by the time they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Density {
    /// How many there are in all.
    pub(super) total: i64,
    /// How many there are in each span, the oldest first.
    spans: Vec<(i64, i64)>,
}

/// What this process last knew of it.
#[derive(Default)]
pub(super) struct Known(RwLock<Arc<Density>>);

impl Part for Known {
    fn make(_app: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// As it was lately; as it is, while that is cheap to know.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn lately(app: &App, read: &impl Read) -> Result<Arc<Density>> {
    let known = app.part::<Known>()?;
    let lately = known.0.read().unwrap_or_else(PoisonError::into_inner).clone();
    if lately.total >= FEW { Ok(lately) } else { look(app, read).await }
}

/// Counts anew.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn look(app: &App, read: &impl Read) -> Result<Arc<Density>> {
    let spans = entries::density(read).await?;
    let density = Arc::new(Density { total: spans.iter().map(|(_, count)| count).sum(), spans });
    *app.part::<Known>()?.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&density);
    Ok(density)
}

impl Density {
    /// Spans of time that together are everything from `from` on below `below`, the newest first: the first with about
    /// `entries` entries, each further one with four times as many as the one before.
    pub(super) fn windows(&self, from: i64, below: i64, entries: i64) -> Vec<(i64, i64)> {
        let (mut windows, mut top, mut wanted, mut inside) = (Vec::new(), below, entries.max(1), 0);
        for (span, count) in self.spans.iter().rev() {
            let (start, end) = (span << COUNTED, (span + 1) << COUNTED);
            if start >= top || *count == 0 {
                continue;
            }
            // Where entries are dense a window ends inside of a span.
            let parts = (count / wanted).clamp(1, 32);
            for part in 1..=parts {
                inside += count / parts;
                let bottom = end - ((end - start) / parts) * part;
                if inside >= wanted && bottom < top && bottom > from {
                    windows.push((bottom, top));
                    (top, wanted, inside) = (bottom, wanted.saturating_mul(4), 0);
                }
            }
        }
        windows.push((from, top));
        windows
    }
}

/// The terms of the spans that hold everything from `from` on below `below`, and perhaps some more. `below` must not be
/// far beyond the newest entry.
pub(super) fn within(from: i64, below: i64) -> Expression {
    let [finest, ..] = SPANS;
    let mut terms = Vec::new();
    let mut at = (from.max(0) >> finest) << finest;
    while at < below {
        let fits = |bits: &&u32| at % (1_i64 << **bits) == 0 && at + (1_i64 << **bits) <= below;
        let bits = *SPANS.iter().rev().find(fits).unwrap_or(&finest);
        terms.push(Expression::Term(in_span(bits, at >> bits)));
        at += 1_i64 << bits;
    }
    Expression::Any(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_and_leave_nothing_out() {
        let spans = (0..100).map(|span| (500 + span, 1_000)).collect();
        let density = Density { total: 100_000, spans };
        let top = 700 << COUNTED;
        for wanted in [1, 10, 500, 3_000, 1_000_000] {
            let windows = density.windows(0, top, wanted);
            assert_eq!(windows.first().unwrap().1, top);
            assert_eq!(windows.last().unwrap().0, 0);
            assert!(windows.windows(2).all(|two| two[0].0 == two[1].1), "{windows:?}");
            assert!(windows.len() <= 20, "{wanted}: {}", windows.len());
        }
        assert_eq!(density.windows(0, top, 1_000_000), [(0, top)]);
    }

    #[test]
    fn a_window_is_some_terms() {
        let day = 1_i64 << 26;
        let few = within(1_795_176_000_000 - 40 * day, 1_795_176_000_000 + day);
        let Expression::Any(terms) = few else { panic!("{few:?}") };
        assert!((2..80).contains(&terms.len()), "{}", terms.len());
        let Expression::Any(all) = within(0, 1_795_176_000_000) else { panic!("no terms") };
        assert!(all.len() < 100, "{}", all.len());
    }
}
