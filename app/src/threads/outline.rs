//! Outlines of this slice's answers: what decides a page or a list, without the words of posts.

use std::collections::BTreeMap;

use folkmoot_store::Snapshot;

use super::model::{PostId, ThreadId};
use super::queries::places::Place;
use super::queries::threads::{self, Across, After, Ordering, ThreadRow};
use super::queries::{posts, tags};
use crate::accounts::{Actor, UserId};
use crate::boards::{self, Board, BoardId, LastThread};
use crate::core::basis::{Basis, Ends, Outline};
use crate::core::instant::{self, Instant};
use crate::core::streams::Stream;
use crate::core::{App, Error, Result};

/// The heads of streams by their names.
pub(super) type Heads = BTreeMap<String, i64>;

/// The place in a stream that is among these.
pub(super) fn instant(app: &App, heads: &Heads, stream: Stream) -> Instant {
    let stream = stream.to_string();
    Instant { epoch: app.epoch(), seq: heads.get(&stream).copied().unwrap_or_default(), stream }
}

/// Whether posts are rendered again just now, which nothing tells of. Asked for guests alone.
async fn rendering(snapshot: &Snapshot, actor: &Actor) -> Result<bool> {
    if actor.user().is_some() { Ok(false) } else { posts::are_stale(snapshot).await }
}

fn events(rows: &[ThreadRow]) -> impl Iterator<Item = Ends> + '_ {
    rows.iter().map(|row| Ends::Event(Stream::Thread(row.id.0)))
}

fn of_rows(rows: &[ThreadRow]) -> impl Iterator<Item = Stream> + '_ {
    rows.iter().map(|row| Stream::Thread(row.id.0))
}

/// A thread's page. Its posts, people and reactions are told of by its stream and `site`.
#[derive(Hash)]
pub(super) struct ThreadOutline {
    pub(super) row: ThreadRow,
    pub(super) board: Board,
    pub(super) last: Option<LastThread>,
    pub(super) heads: Heads,
    rendering: bool,
}

impl ThreadOutline {
    /// Reads it; `board` is that of the thread.
    ///
    /// # Errors
    /// `NotFound` when there is no such thread, or this person may not read it.
    pub(super) async fn read(app: &App, snapshot: &Snapshot, actor: &Actor, id: ThreadId) -> Result<Self> {
        let row = threads::by_id(snapshot, id).await?.ok_or(Error::NotFound("thread"))?;
        let not_here = |_| Error::NotFound("thread");
        let board = boards::by_id(snapshot, actor, row.board_id).await.map_err(not_here)?;
        let last = boards::last_threads(snapshot, &[board.id]).await?.remove(&board.id);
        let heads = instant::heads_and(app, snapshot, &[Stream::Thread(id.0)], &[Stream::Site]).await?;
        Ok(Self { row, board, last, heads, rendering: rendering(snapshot, actor).await? })
    }
}

impl Outline for ThreadOutline {
    fn ends(&self) -> Vec<Ends> {
        [Stream::Thread(self.row.id.0), Stream::Board(self.board.id.0)].map(Ends::Event).into()
    }

    fn is_settled(&self) -> bool {
        !self.rendering
    }
}

/// Posts of a thread.
#[derive(Hash)]
pub(super) struct PostsOutline {
    pub(super) thread: ThreadId,
    pub(super) board: BoardId,
    /// The readable part of the thread's address stands in those of its posts.
    pub(super) slug: String,
    pub(super) heads: Heads,
    rendering: bool,
}

impl PostsOutline {
    /// Reads it, of a thread that this person may read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn read(app: &App, snapshot: &Snapshot, actor: &Actor, place: &Place) -> Result<Self> {
        let heads = instant::heads_and(app, snapshot, &[Stream::Thread(place.id.0)], &[Stream::Site]).await?;
        let (slug, rendering) = (place.slug.clone(), rendering(snapshot, actor).await?);
        Ok(Self { thread: place.id, board: place.board, slug, heads, rendering })
    }
}

impl Outline for PostsOutline {
    fn ends(&self) -> Vec<Ends> {
        [Stream::Thread(self.thread.0), Stream::Board(self.board.0)].map(Ends::Event).into()
    }

    fn is_settled(&self) -> bool {
        !self.rendering
    }
}

/// A board's list, as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct OfBoard {
    pub(super) slug: String,
    pub(super) tag: Option<String>,
    pub(super) sort: Option<Ordering>,
    pub(super) after: After,
    pub(super) limit: i64,
}

/// A board's list.
#[derive(Hash)]
pub(super) struct BoardOutline {
    pub(super) board: Board,
    pub(super) order: Ordering,
    /// One more than asked for, if there are more.
    pub(super) rows: Vec<ThreadRow>,
    pub(super) last: Option<LastThread>,
    pub(super) heads: Heads,
    rendering: bool,
}

impl BoardOutline {
    /// Reads it.
    ///
    /// # Errors
    /// `NotFound` when there is no such board, or this person may not read it.
    pub(super) async fn read(app: &App, snapshot: &Snapshot, actor: &Actor, asked: &OfBoard) -> Result<Self> {
        let board = boards::by_slug(snapshot, actor, &asked.slug).await?;
        let order = asked.sort.unwrap_or(board.policy.ordering);
        let (tag, limit) = (asked.tag.as_deref(), asked.limit + 1);
        let rows = threads::of_board(snapshot, board.id, order, tag, asked.after, limit).await?;
        let last = boards::last_threads(snapshot, &[board.id]).await?.remove(&board.id);
        let more: Vec<Stream> = of_rows(&rows).chain([Stream::Site]).collect();
        let heads = instant::heads_and(app, snapshot, &[Stream::Board(board.id.0)], &more).await?;
        Ok(Self { board, order, rows, last, heads, rendering: rendering(snapshot, actor).await? })
    }
}

impl Outline for BoardOutline {
    fn ends(&self) -> Vec<Ends> {
        let board = Stream::Board(self.board.id.0);
        events(&self.rows).chain([Ends::Event(board), Ends::Stir(board)]).collect()
    }

    fn is_settled(&self) -> bool {
        !self.rendering
    }
}

/// A list over all boards that one may read, as it is asked for.
#[derive(Clone, Debug)]
pub(super) struct OfAll {
    pub(super) which: Which,
    pub(super) after: After,
    pub(super) limit: i64,
    /// The streams of these boards whose numbers go along.
    pub(super) own: fn(&[BoardId]) -> Vec<Stream>,
}

/// Which threads of all boards.
#[derive(Clone, Debug)]
pub(super) enum Which {
    /// All, the newest first.
    Newest,
    /// All, those written to last first.
    Active,
    /// Those with a tag, by activity.
    Tagged(String),
    /// Those that a person opened, the newest first.
    By(UserId),
}

impl Which {
    /// The order that they are in.
    pub(super) fn order(&self) -> Ordering {
        match self {
            Self::Newest | Self::By(_) => Ordering::Newest,
            Self::Active | Self::Tagged(_) => Ordering::Activity,
        }
    }

    fn across(&self) -> Across<'_> {
        match self {
            Self::Newest => Across::Newest,
            Self::Active => Across::Active,
            Self::Tagged(tag) => Across::Tagged(tag),
            Self::By(person) => Across::By(*person),
        }
    }
}

/// A list over all boards.
#[derive(Hash)]
pub(super) struct AcrossOutline {
    pub(super) boards: Vec<BoardId>,
    /// One more than asked for, if there are more.
    pub(super) rows: Vec<ThreadRow>,
    pub(super) heads: Heads,
    pub(super) order: Ordering,
    rendering: bool,
}

impl AcrossOutline {
    /// Reads it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn read(app: &App, snapshot: &Snapshot, actor: &Actor, asked: &OfAll) -> Result<Self> {
        let boards = boards::all_readable(snapshot, actor).await?;
        let rows =
            threads::across(snapshot, &boards, asked.which.across(), asked.after, asked.limit + 1).await?;
        let more: Vec<Stream> = of_rows(&rows).chain([Stream::Site]).collect();
        let heads = instant::heads_and(app, snapshot, &(asked.own)(&boards), &more).await?;
        let (order, rendering) = (asked.which.order(), rendering(snapshot, actor).await?);
        Ok(Self { boards, rows, heads, order, rendering })
    }

    /// What an answer to this person rests on.
    pub(super) fn basis(&self, actor: &Actor, as_of: std::time::Instant, asked: &OfAll) -> Option<Basis> {
        let asked = asked.clone();
        let again = move |app: App, snapshot: Snapshot| {
            let asked = asked.clone();
            async move { Self::read(&app, &snapshot, &Actor::guest(), &asked).await }
        };
        Basis::of(actor.into(), self, as_of, again)
    }
}

impl Outline for AcrossOutline {
    fn ends(&self) -> Vec<Ends> {
        let by_activity = self.order == Ordering::Activity;
        events(&self.rows).chain(of_boards(&self.boards, by_activity)).collect()
    }

    fn is_settled(&self) -> bool {
        !self.rendering
    }
}

/// What is told of boards, and, where replies count too, what only stirs them.
fn of_boards(boards: &[BoardId], replies: bool) -> impl Iterator<Item = Ends> + '_ {
    boards.iter().map(|board| Stream::Board(board.0)).flat_map(move |board| {
        [Some(Ends::Event(board)), replies.then_some(Ends::Stir(board))].into_iter().flatten()
    })
}

/// A person's posts, as they are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct PostsBy {
    pub(super) person: UserId,
    pub(super) after: (i64, PostId),
    pub(super) limit: i64,
}

/// A person's posts.
#[derive(Hash)]
pub(super) struct PersonOutline {
    pub(super) boards: Vec<BoardId>,
    keys: Vec<(PostId, ThreadId, i64)>,
    heads: Heads,
    rendering: bool,
}

impl PersonOutline {
    /// Reads it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn read(app: &App, snapshot: &Snapshot, actor: &Actor, asked: &PostsBy) -> Result<Self> {
        let boards = boards::all_readable(snapshot, actor).await?;
        if actor.user().is_some() {
            return Ok(Self { boards, keys: Vec::new(), heads: Heads::new(), rendering: false });
        }
        let keys =
            posts::keys_by_person(snapshot, asked.person, &boards, asked.after, asked.limit + 1).await?;
        let streams: Vec<Stream> =
            keys.iter().map(|(_, thread, _)| Stream::Thread(thread.0)).chain([Stream::Site]).collect();
        let heads = instant::heads_and(app, snapshot, &[], &streams).await?;
        Ok(Self { boards, keys, heads, rendering: rendering(snapshot, actor).await? })
    }
}

impl Outline for PersonOutline {
    fn ends(&self) -> Vec<Ends> {
        let threads = self.keys.iter().map(|(_, thread, _)| Ends::Event(Stream::Thread(thread.0)));
        threads.chain(of_boards(&self.boards, true)).collect()
    }

    fn is_settled(&self) -> bool {
        !self.rendering
    }
}

/// Tags as they are asked for: how they begin, and how many.
#[derive(Clone, Debug)]
pub(super) struct Tags {
    pub(super) start: String,
    pub(super) limit: i64,
}

/// The commonest tags.
#[derive(Hash)]
pub(super) struct TagsOutline {
    boards: Vec<BoardId>,
    pub(super) counts: Vec<(String, i64)>,
}

impl TagsOutline {
    /// Reads it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn read(snapshot: &Snapshot, actor: &Actor, asked: &Tags) -> Result<Self> {
        let boards = boards::all_readable(snapshot, actor).await?;
        let counts = tags::counts(snapshot, &asked.start, &boards, asked.limit).await?;
        Ok(Self { boards, counts })
    }
}

impl Outline for TagsOutline {
    fn ends(&self) -> Vec<Ends> {
        of_boards(&self.boards, false).collect()
    }
}
