//! A shelf of entries: the smallest engine that does what the crate asks of one.

use std::collections::{BTreeMap, BTreeSet};

use folkmoot_terms::{
    Candidate, Document, Expression, Found, Kind, Lookup, Plan, Query, Ranking, Source, Vocabulary, Way,
};

/// An hour in milliseconds: entries are put on the shelf an hour apart.
const HOUR: i64 = 3_600_000;

/// An entry on the shelf.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) thread: i64,
    pub(crate) at: i64,
    pub(crate) document: Document,
}

/// Entries, and the words that they hold.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) entries: Vec<Entry>,
    words: BTreeMap<String, u64>,
}

impl Shelf {
    /// A shelf with nothing else on it.
    pub(crate) fn of(document: &Document) -> Self {
        let words = document.vocabulary().map(|word| (word.to_owned(), 1)).collect();
        let entry = Entry { name: "it", kind: Kind::Opening, thread: 1, at: 0, document: document.clone() };
        Self { entries: Vec::from([entry]), words }
    }

    /// Opens a thread.
    pub(crate) fn open(&mut self, name: &'static str, title: &str, body: &str) -> &mut Self {
        let thread = self.entries.len() as i64 + 1;
        self.put(name, Kind::Opening, thread, &Source { title, body, ..Source::default() })
    }

    /// Replies in the thread that an entry is in.
    pub(crate) fn reply(&mut self, name: &'static str, to: &str, body: &str) -> &mut Self {
        let thread = self.entry(to).thread;
        self.put(name, Kind::Reply, thread, &Source { body, ..Source::default() })
    }

    /// Puts an entry on the shelf.
    pub(crate) fn put(&mut self, name: &'static str, kind: Kind, thread: i64, source: &Source) -> &mut Self {
        let document = Document::of(source);
        for word in document.vocabulary() {
            *self.words.entry(word.to_owned()).or_default() += 1;
        }
        let at = self.entries.len() as i64 * HOUR;
        self.entries.push(Entry { name, kind, thread, at, document });
        self
    }

    pub(crate) fn entry(&self, name: &str) -> &Entry {
        self.entries.iter().find(|entry| entry.name == name).unwrap()
    }

    /// The names of the best entries of the answers, in order.
    pub(crate) fn find(&self, q: &str) -> Vec<&'static str> {
        self.answers(q).into_iter().map(|(name, _)| name).collect()
    }

    /// The names of the best entries of those answers that are whole.
    pub(crate) fn whole(&self, q: &str) -> Vec<&'static str> {
        self.answers(q).into_iter().filter(|(_, whole)| *whole).map(|(name, _)| name).collect()
    }

    fn answers(&self, q: &str) -> Vec<(&'static str, bool)> {
        let (_, candidates, ranking) = self.search(q);
        let named = ranking.answers.iter().map(|answer| (candidates[answer.best].id as usize, answer.whole));
        named.map(|(at, whole)| (self.entries[at].name, whole)).collect()
    }

    /// Does all that a search does.
    pub(crate) fn search(&self, q: &str) -> (Plan, Vec<Candidate<'_>>, Ranking) {
        let plan = self.plan(q);
        let candidates: Vec<_> = self.chosen(&plan).into_iter().map(|at| self.candidate(at)).collect();
        let ranking = plan.rank(&candidates, self.entries.len() as i64 * HOUR);
        (plan, candidates, ranking)
    }

    pub(crate) fn plan(&self, q: &str) -> Plan {
        let query = Query::parse(q);
        let answers = query.lookups().iter().map(|lookup| self.look_up(lookup)).collect();
        query.plan(&Vocabulary { answers, entries: self.entries.len() as u64 })
    }

    fn look_up(&self, lookup: &Lookup) -> Vec<Found> {
        let fits = |word: &str| match lookup.way {
            Way::Exact => word == lookup.text,
            Way::Prefix => word.starts_with(&lookup.text),
            Way::Part => word.contains(&lookup.text) && !folkmoot_terms::trigrams(word).is_empty(),
        };
        let of = self.words.iter().filter(|(word, _)| fits(word));
        let mut found: Vec<_> =
            of.map(|(word, entries)| Found { word: word.clone(), entries: *entries }).collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.entries));
        found.truncate(lookup.most);
        found
    }

    /// The places of the plan's candidates, or all if the question has no words.
    fn chosen(&self, plan: &Plan) -> BTreeSet<usize> {
        if plan.steps.is_empty() {
            return (0..self.entries.len()).collect();
        }
        let mut chosen = BTreeSet::new();
        for step in &plan.steps {
            if chosen.len() < step.unless {
                chosen.extend(self.holding(&step.expression).into_iter().rev().take(step.limit));
            }
        }
        chosen
    }

    /// The places of the entries for which an expression holds.
    pub(crate) fn holding(&self, expression: &Expression) -> Vec<usize> {
        (0..self.entries.len()).filter(|at| holds(expression, &self.entries[*at].document)).collect()
    }

    fn candidate(&self, at: usize) -> Candidate<'_> {
        let entry = &self.entries[at];
        let opening = |other: &&Entry| other.kind == Kind::Opening && other.thread == entry.thread;
        let titled = self.entries.iter().find(opening).unwrap_or(entry);
        Candidate {
            kind: entry.kind,
            id: at as i64,
            thread: matches!(entry.kind, Kind::Opening | Kind::Reply).then_some(entry.thread),
            at: entry.at,
            title: if entry.kind == Kind::Reply { &titled.document.title } else { &entry.document.title },
            text: &entry.document.text,
        }
    }
}

fn holds(expression: &Expression, document: &Document) -> bool {
    match expression {
        Expression::Term(term) => document.terms.binary_search(term).is_ok(),
        Expression::All(of) => of.iter().all(|one| holds(one, document)),
        Expression::Any(of) => of.iter().any(|one| holds(one, document)),
        Expression::Without(of, terms) => {
            holds(of, document) && !terms.iter().any(|term| document.terms.binary_search(term).is_ok())
        }
    }
}
