//! Who takes part, and in which conversations they talk.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use http::Method;
use serde_json::{Value, json};

use crate::caller::Caller;

const NAMES: [&str; 10] = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ida", "jon"];
/// Conversations of two, by the places of their names.
const DIRECT: [[usize; 2]; 6] = [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9], [0, 5]];
/// Groups, the owner first.
const GROUPS: [&[usize]; 4] =
    [&[0, 1, 2, 3], &[4, 5, 6, 7, 8, 9], &[0, 2, 4, 6, 8], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]];
/// Groups whose owner lets the others in and out all the time.
const DOORS: [&[usize]; 2] = [&[9, 1, 2, 3], &[8, 5, 6, 7]];

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) nickname: &'static str,
    pub(crate) id: String,
    cookie: String,
}

impl Person {
    /// Another client of theirs.
    pub(crate) fn caller(&self, front: SocketAddr) -> Caller {
        Caller::with_session(front, self.cookie.clone())
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) id: String,
    /// The owner first.
    pub(crate) members: Vec<usize>,
}

impl Talk {
    /// Where something of it is.
    pub(crate) fn at(&self, what: &str) -> String {
        format!("/api/conversations/{}/{what}", self.id)
    }
}

/// All of it.
pub(crate) struct Community {
    pub(crate) people: Vec<Person>,
    /// Those whose members stay.
    pub(crate) talks: Vec<Talk>,
    /// Those whose members come and go.
    pub(crate) doors: Vec<Talk>,
}

impl Community {
    /// Everybody registers, and opens what they own.
    pub(crate) async fn gather(front: SocketAddr) -> Self {
        let mut people = Vec::new();
        for nickname in NAMES {
            people.push(register(front, nickname).await);
        }
        let (mut talks, mut doors) = (Vec::new(), Vec::new());
        for pair in DIRECT {
            talks.push(open(front, &people, &pair, None).await);
        }
        for (number, members) in GROUPS.into_iter().enumerate() {
            talks.push(open(front, &people, members, Some(format!("Group {number}"))).await);
        }
        for (number, members) in DOORS.into_iter().enumerate() {
            doors.push(open(front, &people, members, Some(format!("Door {number}"))).await);
        }
        Self { people, talks, doors }
    }

    /// The devices, by whom they belong to: everybody has one, every third person two.
    pub(crate) fn devices(&self) -> impl Iterator<Item = usize> + use<> {
        let count = self.people.len();
        (0..count).chain((0..count).step_by(3))
    }

    /// The conversations of a person, also those that they are only sometimes in.
    pub(crate) fn talks_of(&self, person: usize) -> Vec<&Talk> {
        self.talks.iter().chain(&self.doors).filter(|talk| talk.members.contains(&person)).collect()
    }

    /// What each is shown as unread at the end, by person and conversation; nothing of those that they are not in.
    pub(crate) async fn shown_unread(&self, front: SocketAddr) -> BTreeMap<(String, String), i64> {
        let mut shown = BTreeMap::new();
        for (number, person) in self.people.iter().enumerate() {
            let mut caller = person.caller(front);
            for talk in self.talks_of(number) {
                let path = format!("/api/conversations/{}", talk.id);
                let answer = caller.insists(Method::GET, &path, None).await;
                if let Some(count) = answer.body["conversation"]["unread"]["count"].as_i64() {
                    shown.insert((person.id.clone(), talk.id.clone()), count);
                }
            }
        }
        shown
    }
}

async fn register(front: SocketAddr, nickname: &'static str) -> Person {
    let form = json!({
        "nickname": nickname, "email": format!("{nickname}@example.org"), "password": "password123",
        "age": 34, "gender": "female", "first_name": "First", "last_name": "Last",
    });
    let mut caller = Caller::new(front);
    let answer = caller.insists(Method::POST, "/api/auth/register", Some(&form)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|set| set.to_str().ok());
    let pairs: Vec<&str> = cookies.filter_map(|set| set.split(';').next()).collect();
    caller.cookie = pairs.join("; ");
    let me = caller.insists(Method::GET, "/api/me", None).await;
    Person { nickname, id: text(&me.body["user"]["id"]), cookie: caller.cookie }
}

async fn open(front: SocketAddr, people: &[Person], members: &[usize], title: Option<String>) -> Talk {
    let others: Vec<&str> = members[1..].iter().map(|member| people[*member].nickname).collect();
    let mut opening = json!({"members": others});
    if let Some(title) = title {
        opening["title"] = json!(title);
    }
    let mut caller = people[members[0]].caller(front);
    let answer = caller.insists(Method::POST, "/api/conversations", Some(&opening)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    Talk { id: text(&answer.body["conversation"]["id"]), members: members.to_vec() }
}

/// An id, which is text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("text, not {value}")).to_owned()
}
