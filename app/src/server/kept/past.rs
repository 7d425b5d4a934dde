//! What happened lately: so that whoever made an answer meanwhile can tell whether it already holds no more.

use std::collections::VecDeque;

use crate::core::basis::Ends;

/// How much of the past is remembered. A making during which more happened is not kept.
const REMEMBERED: usize = 4096;

/// A moment between two happenings on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

/// The last happenings, in their order; `None` is one that ended everything.
#[derive(Debug, Default)]
pub(super) struct Past {
    happened: VecDeque<Option<Ends>>,
    count: u64,
}

impl Past {
    /// Now.
    pub(super) fn now(&self) -> Moment {
        Moment(self.count)
    }

    /// Something happened; `None`: something that ends every answer.
    pub(super) fn note(&mut self, what: Option<Ends>) {
        if self.happened.len() == REMEMBERED {
            self.happened.pop_front();
        }
        self.happened.push_back(what);
        self.count += 1;
    }

    /// Whether from one moment to another nothing happened that ends what ends with one of these.
    pub(super) fn is_quiet(&self, from: Moment, to: Moment, ends: &[Ends]) -> bool {
        let oldest = self.count - self.happened.len() as u64;
        if from < Moment(oldest) {
            return from >= to;
        }
        let (Ok(skipped), Ok(length)) =
            (usize::try_from(from.0 - oldest), usize::try_from(to.0.saturating_sub(from.0)))
        else {
            return false;
        };
        let mut between = self.happened.iter().skip(skipped).take(length);
        between.all(|what| what.is_some_and(|what| !ends.contains(&what)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Past, REMEMBERED};
    use crate::core::basis::Ends;
    use crate::core::streams::Stream;

    const CATS: Ends = Ends::Event(Stream::Board(1));
    const DOGS: Ends = Ends::Event(Stream::Board(2));

    #[test]
    fn only_what_ends_an_answer_disturbs_it() {
        let mut past = Past::default();
        past.note(Some(CATS));
        let began = past.now();
        assert!(past.is_quiet(began, past.now(), &[CATS]), "it happened before");
        past.note(Some(DOGS));
        let between = past.now();
        past.note(Some(CATS));
        assert!(!past.is_quiet(began, past.now(), &[CATS]));
        assert!(past.is_quiet(began, between, &[CATS]), "it happened afterwards");
        assert!(past.is_quiet(began, past.now(), &[Ends::Stir(Stream::Board(1))]));
        past.note(None);
        assert!(!past.is_quiet(began, past.now(), &[]));
    }

    #[test]
    fn what_is_not_remembered_may_have_been_anything() {
        let mut past = Past::default();
        let began = past.now();
        (0..=REMEMBERED).for_each(|_| past.note(Some(DOGS)));
        assert!(!past.is_quiet(began, past.now(), &[CATS]));
        assert!(past.is_quiet(past.now(), past.now(), &[CATS]));
    }
}
