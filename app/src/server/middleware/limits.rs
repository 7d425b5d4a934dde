//! The one table of limits: which requests are counted, by whom, and how many of them a window has. What a page loads
//! dozens of, and probes, are in no row but the first.
//!
//! Nodes that share a Redis count together in it, and each by itself while it is down.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use folkmoot_bus::redis::{Redis, Script};
use http::Method;

use super::rate_limit::{Counted, RateLimit, Verdict};
use crate::config::LimitSettings;
use crate::core::parts::Part;
use crate::core::request::{RequestFacts, is_socket};
use crate::core::{App, Result};

/// A row of the table.
pub struct Row {
    /// What it is called in the documents, and in Redis.
    pub name: &'static str,
    /// How many of RATE_LIMIT_REQUESTS it has: so many times as many …
    pub times: u32,
    /// … divided by this.
    pub divided_by: u32,
    /// Whether persons are counted by themselves, or all together who come from one address.
    pub by: By,
    is_of: fn(&Method, &str) -> bool,
}

/// Who is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Each person; those not signed in by their address.
    Person,
    /// Everybody at an address; of IPv6 at a network of 64 bits.
    Address,
}

/// Whatever comes from one address, before it is known who asks. Each node protects its own database by it, so it is
/// counted in memory.
pub const FLOOD: Row = Row { name: "flood", times: 10, divided_by: 1, by: By::Address, is_of: |_, _| true };

/// What is counted once it is known who asks. A request counts in each row that it belongs to.
pub const TABLE: [Row; 7] = [
    // Each costs a tenth of a second of hashing, or fills the place with accounts.
    Row { name: "sign-in", times: 1, divided_by: 10, by: By::Address, is_of: is_sign_in },
    // A client that cannot keep its connection tries less often than this.
    Row { name: "sockets", times: 1, divided_by: 5, by: By::Person, is_of: |_, path| is_socket(path) },
    // Four a second for a whole window: faster than anybody types, on however many sockets.
    Row { name: "messages", times: 1, divided_by: 4, by: By::Person, is_of: is_message },
    // A page reports a few times at most, and one in twenty does.
    Row { name: "telemetry", times: 1, divided_by: 20, by: By::Address, is_of: is_telemetry },
    // Each looks at a thousand texts; who types asks some times a second.
    Row { name: "search", times: 1, divided_by: 4, by: By::Person, is_of: is_search },
    Row { name: "writes", times: 1, divided_by: 2, by: By::Person, is_of: |method, _| !method.is_safe() },
    Row { name: "requests", times: 1, divided_by: 1, by: By::Person, is_of: |_, _| true },
];

/// No row has less, unless all requests together have.
const AT_LEAST: u32 = 10;

/// How long Redis may take: some times what it takes, and little beside what a page takes.
const DEADLINE: Duration = Duration::from_millis(20);

/// What `rate_limit` does, in Redis and by its clock, for several rows at once; it ends at the first that refuses. The
/// answer has three numbers for each row: whether it allows, how many are left, and milliseconds until more are.
const SHARED: &str = "
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local length = tonumber(ARGV[1])
    local answer = {}
    for row, key in ipairs(KEYS) do
        local limit = tonumber(ARGV[row + 1])
        local window = redis.call('HMGET', key, 'start', 'now', 'before')
        local start = tonumber(window[1] or now)
        local count = tonumber(window[2] or 0)
        local before = tonumber(window[3] or 0)
        local passed = math.floor(math.max(now - start, 0) / length)
        if passed == 1 then
            start, count, before = start + length, 0, count
        elseif passed > 1 then
            start, count, before = now, 0, 0
        end
        local used = count + math.floor(before * math.max(length - (now - start), 0) / length)
        local allowed = used < limit
        if allowed then
            count, used = count + 1, used + 1
            redis.call('HSET', key, 'start', start, 'now', count, 'before', before)
            redis.call('PEXPIRE', key, 2 * length)
        end
        table.insert(answer, allowed and 1 or 0)
        table.insert(answer, math.max(limit - used, 0))
        table.insert(answer, math.max(start + length - now, 0))
        if not allowed then break end
    end
    return answer
";

/// All that is counted.
pub struct Limits {
    flood: RateLimit,
    rows: [RateLimit; TABLE.len()],
    seconds: u64,
    shared: Option<(Arc<Redis>, Script)>,
}

impl Limits {
    /// The table with these settings; counted in this Redis, when there is one.
    pub fn new(settings: &LimitSettings, redis: Option<Arc<Redis>>) -> Self {
        let (requests, seconds) = (settings.rate_limit_requests, settings.rate_limit_window);
        let row = |row: &Row| RateLimit::new(row.limit(requests), seconds);
        let shared = redis.map(|redis| (redis, Script::new(SHARED)));
        Self { flood: row(&FLOOD), rows: TABLE.each_ref().map(row), seconds, shared }
    }

    /// Counts one request of an address, whoever asks.
    pub fn count_flood(&self, household: IpAddr, now: i64) -> Verdict {
        self.flood.count(Counted::Address(household), now)
    }

    /// Counts one request in the rows that it belongs to. The verdict is that of the row which refuses, or has least
    /// left.
    pub async fn count(
        &self,
        facts: &RequestFacts,
        method: &Method,
        path: &str,
        now: i64,
    ) -> Option<Verdict> {
        if self.shared.is_none() {
            return self.count_alone(facts, method, path, now);
        }
        let rows = (0..TABLE.len()).filter(|index| (TABLE[*index].is_of)(method, path));
        let rows = rows.map(|index| (index, TABLE[index].counted(facts))).collect();
        Box::pin(self.count_rows(rows, now)).await
    }

    /// As [`Self::count`], on this node for itself.
    fn count_alone(&self, facts: &RequestFacts, method: &Method, path: &str, now: i64) -> Option<Verdict> {
        let rows = TABLE.iter().zip(&self.rows).filter(|(row, _)| (row.is_of)(method, path));
        tightest(rows.map(|(row, limit)| limit.count(row.counted(facts), now)))
    }

    /// Counts a message that a person sends by another way than a request; as [`Self::count`].
    pub async fn count_message(&self, person: i64, now: i64) -> Option<Verdict> {
        let rows = (0..TABLE.len()).filter(|index| (TABLE[*index].is_of)(&Method::POST, A_MESSAGE));
        self.count_rows(rows.map(|index| (index, Counted::Person(person))).collect(), now).await
    }

    async fn count_rows(&self, rows: Vec<(usize, Counted)>, now: i64) -> Option<Verdict> {
        match self.count_together(&rows).await {
            None => tightest(rows.iter().map(|(index, who)| self.rows[*index].count(*who, now))),
            together => together,
        }
    }

    /// `None` when there is no Redis, or it does not answer.
    async fn count_together(&self, rows: &[(usize, Counted)]) -> Option<Verdict> {
        let (redis, script) = self.shared.as_ref()?;
        let keys: Vec<_> = rows.iter().map(|(index, who)| key(TABLE[*index].name, *who)).collect();
        let limits: Vec<_> = rows.iter().map(|(index, _)| self.rows[*index].limit()).collect();
        let length = i64::try_from(self.seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        let arguments: Vec<_> =
            std::iter::once(length).chain(limits.iter().copied().map(i64::from)).collect();
        let answer = redis.run(script, &keys, &arguments, DEADLINE).await?;
        tightest(answer.chunks_exact(3).zip(limits).map(|(numbers, limit)| Verdict {
            allowed: numbers[0] == 1,
            limit,
            remaining: u32::try_from(numbers[1]).unwrap_or_default(),
            reset: u64::try_from(numbers[2]).unwrap_or_default().div_ceil(1000).max(1),
        }))
    }
}

/// Nodes that share no Redis, and commands, count for themselves.
impl Part for Limits {
    fn make(app: &App) -> Result<Self> {
        Ok(Self::new(&app.config.limits, None))
    }
}

impl Row {
    fn limit(&self, requests: u32) -> u32 {
        (requests.saturating_mul(self.times) / self.divided_by).max(AT_LEAST.min(requests))
    }

    fn counted(&self, facts: &RequestFacts) -> Counted {
        match (self.by, facts.person()) {
            (By::Person, Some(person)) => Counted::Person(person),
            _ => Counted::Address(facts.household()),
        }
    }
}

/// The first that refuses, behind which nothing is counted any more, else the one that has least left.
fn tightest(verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    let mut tightest: Option<Verdict> = None;
    for verdict in verdicts {
        if !verdict.allowed {
            return Some(verdict);
        }
        if tightest.is_none_or(|tightest| verdict.remaining < tightest.remaining) {
            tightest = Some(verdict);
        }
    }
    tightest
}

/// Guessing passwords, making accounts, and whatever else hashes a password.
fn is_sign_in(method: &Method, path: &str) -> bool {
    let exactly = ["/api/auth/login", "/api/auth/register", "/api/me/password"];
    *method == Method::POST && (exactly.contains(&path) || path.starts_with("/api/auth/links/"))
}

fn is_search(_: &Method, path: &str) -> bool {
    ["/search", "/api/search"].contains(&path) || is_search_of_chat(path)
}

fn is_search_of_chat(path: &str) -> bool {
    path.starts_with("/api/conversations/") && path.ends_with("/search")
}

/// Where a message is sent by a request; the conversation is any.
const A_MESSAGE: &str = "/api/conversations/0/messages";

fn is_message(method: &Method, path: &str) -> bool {
    *method == Method::POST && path.starts_with("/api/conversations/") && path.ends_with("/messages")
}

fn is_telemetry(method: &Method, path: &str) -> bool {
    *method == Method::POST && path == "/api/telemetry"
}

fn key(row: &str, who: Counted) -> String {
    match who {
        Counted::Person(person) => format!("folkmoot:limit:{row}:person:{person}"),
        Counted::Address(address) => format!("folkmoot:limit:{row}:address:{address}"),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::config::{Config, Environment};

    fn asks(limits: &Limits, facts: &RequestFacts, method: &Method, path: &str) -> Verdict {
        let counted = limits.count(facts, method, path, 1_795_176_000_000);
        futures_util::FutureExt::now_or_never(counted)
            .expect("memory does not wait")
            .expect("each is counted")
    }

    fn limits(requests: &str) -> Limits {
        let environment: Environment = [("RATE_LIMIT_REQUESTS", requests)].into_iter().collect();
        Limits::new(&Config::load(&environment, None).unwrap().config.limits, None)
    }

    fn from(address: &str) -> RequestFacts {
        RequestFacts::new("id".to_owned(), address.parse().unwrap(), true)
    }

    #[test]
    fn each_kind_of_request_has_its_row() {
        let limits = limits("1000");
        for (method, path, expected) in [
            (Method::GET, "/", 1000),
            (Method::GET, "/api/auth/login", 1000),
            (Method::POST, "/api/threads/1/posts", 500),
            (Method::DELETE, "/api/posts/1", 500),
            (Method::POST, "/api/conversations/7/messages", 250),
            (Method::GET, "/api/conversations/7/messages", 1000),
            (Method::POST, A_MESSAGE, 250),
            (Method::GET, "/ws", 200),
            (Method::GET, "/api/search", 250),
            (Method::GET, "/search", 250),
            (Method::GET, "/api/conversations/search", 250),
            (Method::GET, "/api/conversations/7/search", 250),
            (Method::GET, "/socket.io/", 200),
            (Method::POST, "/api/auth/login", 100),
            (Method::POST, "/api/auth/links/abc", 100),
        ] {
            assert_eq!(asks(&limits, &from("192.0.2.1"), &method, path).limit, expected, "{method} {path}");
        }
    }

    #[test]
    fn members_of_a_household_write_by_themselves_and_sign_in_together() {
        let limits = limits("100");
        let (ann, bob) = (from("2001:db8:1:2::1"), from("2001:db8:1:2::2"));
        ann.asked_by(1);
        bob.asked_by(2);
        for _ in 0..50 {
            assert!(asks(&limits, &ann, &Method::POST, "/api/threads/1/posts").allowed);
        }
        assert!(!asks(&limits, &ann, &Method::POST, "/api/threads/1/posts").allowed);
        assert!(asks(&limits, &ann, &Method::GET, "/").allowed, "reading goes on");
        assert!(asks(&limits, &bob, &Method::POST, "/api/threads/1/posts").allowed, "so do others");

        let limits = self::limits("100");
        for person in [&ann, &bob].into_iter().cycle().take(10) {
            assert!(asks(&limits, person, &Method::POST, "/api/auth/login").allowed);
        }
        assert!(!asks(&limits, &bob, &Method::POST, "/api/auth/login").allowed);
        assert!(asks(&limits, &from("2001:db8:1:3::1"), &Method::POST, "/api/auth/login").allowed);
    }

    #[test]
    fn a_small_limit_leaves_each_row_some() {
        let limits = limits("4");
        assert_eq!(asks(&limits, &from("192.0.2.1"), &Method::POST, "/api/auth/login").limit, 4);
    }

    #[test]
    fn the_documents_have_the_same_table() {
        let page = include_str!("../../../../docs/limits.md");
        for row in std::iter::once(&FLOOD).chain(&TABLE) {
            let part = row.limit(1000);
            let line =
                page.lines().find(|line| line.starts_with(&format!("| {} |", row.name))).expect(row.name);
            let by = if row.by == By::Person { "person" } else { "address" };
            assert!(line.contains(&format!("| {part} |")) && line.contains(&format!("| {by} |")), "{line}");
        }
    }
}
