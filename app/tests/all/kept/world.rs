//! A small community in which anything may happen next.

use crate::forum::Thread;
use crate::rig::*;

/// Dice that fall in the same way for the same seed (splitmix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// Below `sides`.
    pub(super) fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (sides as u64)).expect("few sides")
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.throw(of.len())]
    }
}

/// Boards: two that everybody may read, and one that changes.
const BOARDS: [&str; 3] = ["cats", "dogs", "den"];

/// What is there to act on.
pub(super) struct World {
    dice: Dice,
    /// Each at every node: an administrator, and two members.
    ada: Vec<Person>,
    members: [Vec<Person>; 2],
    member_ids: [String; 2],
    /// Who wrote once, and is banned and forgiven.
    carl: String,
    threads: Vec<Thread>,
    /// Posts that were written, with their authors.
    posts: Vec<(String, usize)>,
    count: usize,
}

/// Somebody with a browser at each node, who is signed in at all of them.
fn everywhere(person: &Person, nodes: &[&TestApp]) -> Vec<Person> {
    let cookie = person.cookie("folkmoot_session").expect("a session");
    let at = |node: &&TestApp| {
        let moved = node.guest();
        moved.holds_cookie("folkmoot_session", &cookie);
        moved
    };
    nodes.iter().map(at).collect()
}

impl World {
    /// Three boards, two threads and a few posts.
    pub(super) async fn begin(nodes: &[&TestApp], seed: u64) -> Self {
        let here = nodes[0];
        let ada = here.admin("ada").await;
        for slug in BOARDS {
            ada.makes_board(slug, json!({})).await;
        }
        let [ann, bob, carl] = here.people(["ann", "bob", "carl"]).await;
        let member_ids = [ann.id().await, bob.id().await];
        let first = json!({"title": "First cats", "body": "Of *cats*.", "tags": ["fur", "food"]});
        let threads = vec![ann.opens_with("cats", first).await, bob.opens("dogs", "First dogs").await];
        carl.replies(&threads[0], "of dogs").await;
        Self {
            dice: Dice::of(seed),
            carl: carl.id().await,
            ada: everywhere(&ada, nodes),
            members: [everywhere(&ann, nodes), everywhere(&bob, nodes)],
            member_ids,
            posts: vec![(threads[0].post.clone(), 0), (threads[1].post.clone(), 1)],
            threads,
            count: 0,
        }
    }

    /// A member with a browser at another node.
    pub(super) fn member_at(&self, node: &TestApp) -> Person {
        everywhere(&self.members[0][0], &[node]).remove(0)
    }

    /// Addresses that show all of it.
    pub(super) fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = [
            "/api/posts",
            "/api/posts?sort=activity&limit=3",
            "/api/boards",
            "/api/boards/cats",
            "/api/boards/cats/threads",
            "/api/boards/den/threads?sort=newest",
            "/api/tags",
            "/api/tags/fur/threads",
            "/api/users/ann/threads",
            "/api/users/bob/posts",
            "/",
            "/?sort=activity",
            "/boards",
            "/b/cats",
            "/b/den",
            "/tags/fur",
        ]
        .map(str::to_owned)
        .into();
        for thread in &self.threads[..2] {
            all.extend([
                thread.path(),
                format!("{}?limit=3", thread.posts()),
                format!("/threads/{}", thread.id),
            ]);
        }
        all
    }

    pub(super) fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Something happens at one of the nodes; says what. Who may not do it just now is refused, which is an answer too.
    pub(super) async fn something_happens(&mut self, node: usize) -> String {
        self.count += 1;
        let who = self.dice.throw(2);
        let thread = self.dice.throw(self.threads.len());
        let path = self.threads[thread].path();
        let (post, author) = self.dice.pick(&self.posts).clone();
        let post = format!("/api/posts/{post}");
        let board = *self.dice.pick(&BOARDS);
        let (ada, member, its_author) =
            (&self.ada[node], &self.members[who][node], &self.members[author][node]);
        let word = format!("word {}", self.count);
        let what = self.dice.throw(24);
        let answer = match what {
            0..5 => {
                let answer = member.post(&self.threads[thread].posts(), json!({"body": word})).await;
                self.wrote(&answer, "/post/id", who)
            }
            5 => {
                let new = json!({"title": word, "body": word, "tags": ["fur"]});
                let answer = member.post(&format!("/api/boards/{board}/threads"), new).await;
                let answer = self.wrote(&answer, "/post/id", who);
                if answer.is(201) {
                    let id = answer.text("/thread/id");
                    self.threads.push(Thread { id, post: answer.text("/post/id") });
                }
                answer
            }
            6 | 7 => Outcome::of(&its_author.patch(&post, json!({"body": word})).await),
            8 => Outcome::of(&its_author.delete(&post).await),
            9 => Outcome::of(&ada.post(&format!("{post}/restore"), json!({})).await),
            10 | 11 => Outcome::of(&member.put(&format!("{post}/reactions/%F0%9F%91%8D")).await),
            12 => Outcome::of(&member.delete(&format!("{post}/reactions/%F0%9F%91%8D")).await),
            13 => Outcome::of(&ada.patch(&path, json!({"title": format!("Title {word}")})).await),
            14 => Outcome::of(&ada.patch(&path, json!({"tags": [*self.dice.pick(&["fur", "food"])]})).await),
            15 => Outcome::of(&ada.patch(&path, json!({"pinned": self.dice.throw(2) == 0})).await),
            16 => Outcome::of(&ada.patch(&path, json!({"locked": self.dice.throw(3) == 0})).await),
            17 => Outcome::of(&ada.patch(&path, json!({"board": board})).await),
            18 => Outcome::of(&ada.delete(&path).await),
            19 => Outcome::of(&ada.post(&format!("{path}/restore"), json!({})).await),
            20 => {
                let read = *self.dice.pick(&["everyone", "members", "staff"]);
                changes_board(ada, "den", json!({"rights": {"read": read}})).await
            }
            21 => changes_board(ada, board, json!({"title": format!("{board} {word}")})).await,
            22 => match self.dice.throw(3) {
                0 => {
                    Outcome::of(&ada.patch("/api/admin/site", json!({"name": format!("Place {word}")})).await)
                }
                1 => Outcome::of(&member.patch("/api/me", json!({"bio": word})).await),
                _ => {
                    let role = *self.dice.pick(&["member", "moderator"]);
                    let path = format!("/api/admin/people/{}", self.member_ids[who]);
                    Outcome::of(&ada.patch(&path, json!({"role": role})).await)
                }
            },
            _ => {
                let standing = *self.dice.pick(&["banned", "good"]);
                let path = format!("/api/admin/people/{}", self.carl);
                Outcome::of(&ada.patch(&path, json!({"standing": standing})).await)
            }
        };
        assert!(answer.status < 500, "{}: {}", answer.asked, answer.status);
        format!("{} at node {node}: {}", answer.asked, answer.status)
    }

    fn wrote(&mut self, answer: &Answer, at: &str, who: usize) -> Outcome {
        let outcome = Outcome::of(answer);
        if outcome.is(201) {
            self.posts.push((outcome.text(at), who));
        }
        outcome
    }
}

async fn changes_board(ada: &Person, slug: &str, mut change: Value) -> Outcome {
    let board = ada.get(&format!("/api/boards/{slug}")).await.is(200).json();
    change["version"] = board["board"]["version"].clone();
    Outcome::of(&ada.patch(&format!("/api/boards/{slug}"), change).await)
}

/// How something went.
struct Outcome {
    asked: String,
    status: u16,
    body: Value,
}

impl Outcome {
    fn of(answer: &Answer) -> Self {
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        Self { asked: answer.asked.clone(), status: answer.status.as_u16(), body }
    }

    fn is(&self, status: u16) -> bool {
        self.status == status
    }

    fn text(&self, at: &str) -> String {
        self.body.pointer(at).and_then(Value::as_str).expect("an id").to_owned()
    }
}
