//! One topic as Discourse tells it (`/t/ID.json` with the whole post stream), read strictly: what we rely on must be
//! there and make sense, or the topic is left out whole.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::core::time::Time;

/// The longest title that is kept, in characters.
const MAX_TITLE: usize = 300;
/// The longest body that is taken, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// 1990-01-01: no web forum is older.
const EARLIEST: i64 = 631_152_000_000;
/// Clocks differ, but not by more than a day.
const DAY: i64 = 86_400_000;

/// A topic that can be imported.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) category: Option<i64>,
    pub(super) tags: Vec<String>,
    pub(super) views: i64,
    pub(super) pinned: bool,
    pub(super) closed: bool,
    pub(super) archived: bool,
    pub(super) deleted_at: Option<i64>,
    /// In their order; never empty.
    pub(super) posts: Vec<Post>,
    /// What of the topic does not become a post of its own.
    pub(super) remarks: Vec<Remark>,
    /// Addresses of the forum itself, as its own links tell.
    pub(super) own_bases: BTreeSet<String>,
}

/// A post that can be imported.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) number: i64,
    pub(super) author: Author,
    pub(super) cooked: String,
    pub(super) reply_to: Option<i64>,
    pub(super) likes: i64,
    pub(super) created_at: i64,
    pub(super) edited_at: Option<i64>,
    pub(super) edit_count: i64,
    /// When it was deleted or, for one hidden after flags, last changed: its words are for staff alone.
    pub(super) deleted_at: Option<i64>,
}

/// Who wrote a post.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) staff: bool,
}

/// Something that the report accounts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remark {
    /// "closed.enabled" and the like: the state itself comes with the topic.
    SmallAction(String),
    /// A whisper among staff: never shown to others, so not carried over.
    Whisper,
    /// Hidden after flags: comes as a deleted post.
    Hidden,
    /// Numbers that no post has.
    Gap(i64),
    /// The stream lists posts that the file does not hold.
    Missing(i64),
    /// The title was longer than we keep.
    LongTitle,
    /// Unlisted there; listed here.
    Unlisted,
    /// It answers a post that is not here.
    LostReply(i64),
}

#[derive(Deserialize)]
struct RawTopic {
    id: i64,
    title: String,
    archetype: Option<String>,
    category_id: Option<i64>,
    #[serde(default)]
    tags: Vec<RawTag>,
    views: Option<i64>,
    #[serde(default)]
    pinned_globally: bool,
    pinned_at: Option<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    archived: bool,
    visible: Option<bool>,
    deleted_at: Option<String>,
    post_stream: RawStream,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTag {
    Name(String),
    Object { name: String },
}

#[derive(Deserialize)]
struct RawStream {
    posts: Vec<RawPost>,
    #[serde(default)]
    stream: Vec<i64>,
}

#[derive(Deserialize)]
struct RawPost {
    post_number: i64,
    post_type: Option<i64>,
    username: Option<String>,
    name: Option<String>,
    cooked: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
    version: Option<i64>,
    reply_to_post_number: Option<i64>,
    #[serde(default)]
    actions_summary: Option<Vec<RawAction>>,
    action_code: Option<String>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    user_deleted: bool,
    deleted_at: Option<String>,
    #[serde(default)]
    staff: bool,
    #[serde(default)]
    link_counts: Option<Vec<RawLink>>,
}

#[derive(Deserialize)]
struct RawAction {
    id: i64,
    count: Option<i64>,
}

#[derive(Deserialize)]
struct RawLink {
    url: Option<String>,
    #[serde(default)]
    internal: bool,
}

/// Discourse's number for "like" among the actions on a post.
const LIKE: i64 = 2;
/// Discourse's kinds of post: 1 regular, 2 a moderator's words, 3 small action, 4 whisper.
const SMALL_ACTION: i64 = 3;
const WHISPER: i64 = 4;

impl Topic {
    /// Reads a topic; `now` (milliseconds) bounds its dates.
    ///
    /// # Errors
    /// In words for the report.
    pub(super) fn read(bytes: &[u8], now: i64) -> Result<Self, String> {
        let raw: RawTopic = serde_json::from_slice(bytes).map_err(|error| format!("not a topic: {error}"))?;
        if raw.archetype.as_deref() == Some("private_message") {
            return Err(String::from("a private message: never imported into a board"));
        }
        if raw.id <= 0 {
            return Err(format!("its id is {}", raw.id));
        }
        let mut remarks = Vec::new();
        let title = title(&raw.title, &mut remarks)?;
        if raw.visible == Some(false) {
            remarks.push(Remark::Unlisted);
        }
        let deleted_at = raw.deleted_at.as_deref().map(|text| date("deleted_at", text, now)).transpose()?;
        let missing = raw.post_stream.stream.len().saturating_sub(raw.post_stream.posts.len());
        if missing > 0 {
            remarks.push(Remark::Missing(i64::try_from(missing).unwrap_or(i64::MAX)));
        }
        let own_bases = own_bases(&raw.post_stream.posts);
        let posts = posts(raw.post_stream.posts, now, &mut remarks)?;
        Ok(Self {
            id: raw.id,
            title,
            category: raw.category_id,
            tags: tags(raw.tags),
            views: raw.views.unwrap_or(0).max(0),
            pinned: raw.pinned_globally || raw.pinned_at.is_some(),
            closed: raw.closed,
            archived: raw.archived,
            deleted_at,
            posts,
            remarks,
            own_bases,
        })
    }

    /// How many likes its posts have.
    pub(super) fn likes(&self) -> i64 {
        self.posts.iter().map(|post| post.likes).sum()
    }
}

fn title(raw: &str, remarks: &mut Vec<Remark>) -> Result<String, String> {
    let clean: String = raw.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() {
        return Err(String::from("it has no title"));
    }
    if clean.chars().count() <= MAX_TITLE {
        return Ok(clean);
    }
    remarks.push(Remark::LongTitle);
    Ok(clean.chars().take(MAX_TITLE - 1).chain(['…']).collect())
}

fn tags(raw: Vec<RawTag>) -> Vec<String> {
    let names = raw.into_iter().map(|tag| match tag {
        RawTag::Name(name) | RawTag::Object { name } => name.to_lowercase(),
    });
    let clean = names.map(|name| {
        let kept: String =
            name.chars().map(|c| if c.is_alphanumeric() || "-+#._".contains(c) { c } else { '-' }).collect();
        kept.chars().take(30).collect::<String>()
    });
    clean.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn posts(raw: Vec<RawPost>, now: i64, remarks: &mut Vec<Remark>) -> Result<Vec<Post>, String> {
    let mut numbers = BTreeSet::new();
    let mut posts = Vec::with_capacity(raw.len());
    for post in raw {
        let number = post.post_number;
        if number < 1 || !numbers.insert(number) {
            return Err(format!("two posts have the number {number}, or it is below 1"));
        }
        match post.post_type {
            Some(SMALL_ACTION) => remarks.push(Remark::SmallAction(post.action_code.unwrap_or_default())),
            Some(WHISPER) => remarks.push(Remark::Whisper),
            _ => posts.push(read_post(post, now, remarks).map_err(|why| format!("post {number}: {why}"))?),
        }
    }
    if posts.is_empty() {
        return Err(String::from("it has no posts"));
    }
    posts.sort_by_key(|post| post.number);
    let highest = numbers.last().copied().unwrap_or(0);
    let gaps = highest - i64::try_from(numbers.len()).unwrap_or(highest);
    if gaps > 0 {
        remarks.push(Remark::Gap(gaps));
    }
    let here: BTreeSet<i64> = posts.iter().map(|post| post.number).collect();
    for post in &mut posts {
        if let Some(number) = post.reply_to
            && (!here.contains(&number) || number == post.number)
        {
            remarks.push(Remark::LostReply(post.number));
            post.reply_to = None;
        }
    }
    Ok(posts)
}

fn read_post(raw: RawPost, now: i64, remarks: &mut Vec<Remark>) -> Result<Post, String> {
    let username =
        raw.username.map(without_nul).filter(|name| !name.trim().is_empty()).ok_or("it has no username")?;
    let cooked = without_nul(raw.cooked.ok_or("it has no body")?);
    if cooked.len() > MAX_BODY {
        return Err(format!("its body is larger than {} KiB", MAX_BODY / 1024));
    }
    let created_at = date("created_at", raw.created_at.as_deref().ok_or("it has no date")?, now)?;
    let updated_at = raw.updated_at.as_deref().map(|text| date("updated_at", text, now)).transpose()?;
    let mut deleted_at = raw.deleted_at.as_deref().map(|text| date("deleted_at", text, now)).transpose()?;
    if raw.hidden {
        remarks.push(Remark::Hidden);
    }
    if raw.hidden || raw.user_deleted {
        deleted_at = deleted_at.or(updated_at).or(Some(created_at));
    }
    let edit_count = raw.version.unwrap_or(1).max(1) - 1;
    Ok(Post {
        number: raw.post_number,
        author: Author {
            username: username.trim().to_owned(),
            name: without_nul(raw.name.unwrap_or_default()).trim().to_owned(),
            staff: raw.staff,
        },
        cooked,
        reply_to: raw.reply_to_post_number,
        likes: likes(&raw.actions_summary.unwrap_or_default()),
        created_at,
        edited_at: if edit_count > 0 { updated_at } else { None },
        edit_count,
        deleted_at,
    })
}

/// No database takes this character within a text.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

fn likes(actions: &[RawAction]) -> i64 {
    actions
        .iter()
        .filter(|action| action.id == LIKE)
        .map(|action| action.count.unwrap_or(0).clamp(0, 1 << 31))
        .sum()
}

fn date(field: &str, text: &str, now: i64) -> Result<i64, String> {
    let time = Time::parse(text).ok_or_else(|| format!("{field} is not a date: {text:.40}"))?;
    if (EARLIEST..=now + DAY).contains(&time.0) {
        Ok(time.0)
    } else {
        Err(format!("{field} is absurd: {text:.40}"))
    }
}

/// The forum's own addresses: hosts of links that Discourse itself calls internal.
fn own_bases(posts: &[RawPost]) -> BTreeSet<String> {
    let links = posts.iter().filter_map(|post| post.link_counts.as_ref()).flatten();
    let urls = links.filter(|link| link.internal).filter_map(|link| link.url.as_deref());
    urls.filter_map(base).map(str::to_owned).collect()
}

fn base(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(&url[..url.len() - rest.len() + host.len()])
}
