//! A board as the rules see it, and what may be said of one.

use super::policy::Policy;
use super::rights::{Right, Rights};
use crate::accounts::{GroupId, UserId};
use crate::core::id_types::id_type;
use crate::core::{Error, Result};

id_type! {
    /// A board.
    pub struct BoardId;
}

/// The longest slug, in characters.
const MAX_SLUG: usize = 40;
/// The longest title, in characters.
const MAX_TITLE: usize = 80;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 1000;
/// The largest place in the order of boards, either way.
const MAX_POSITION: i64 = 1_000_000;

/// A place that holds threads.
#[derive(Clone, Debug, Hash)]
pub struct Board {
    /// Its id.
    pub id: BoardId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What kind of place it is: `forum`.
    pub preset: String,
    /// Its colour, in degrees.
    pub hue: i64,
    /// Its place in the order of boards.
    pub position: i64,
    /// Who may read, start and reply.
    pub rights: Rights,
    /// The slugs of the groups in `rights`: read, start, reply.
    pub groups: [Option<String>; 3],
    /// What it does beyond that.
    pub policy: Policy,
    /// Visible threads.
    pub thread_count: i64,
    /// Visible posts in them.
    pub post_count: i64,
    /// Rises with each change.
    pub version: i64,
}

/// The address of a thread's page. Boards name threads too: the one written to last.
pub fn thread_url(id: i64, slug: &str) -> String {
    // A title without any letter or digit has no slug.
    let slug = if slug.is_empty() { "thread" } else { slug };
    let mut url = format!("/threads/{id}/");
    for byte in slug.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

impl Board {
    /// The address of its page.
    pub fn url(&self) -> String {
        format!("/b/{}", self.slug)
    }
}

folkmoot_store::row! {
    /// A board as stored, with the slugs of its groups.
    pub struct BoardRow {
        /// Its id.
        pub id: BoardId,
        /// Its name in addresses.
        pub slug: String,
        /// Its name.
        pub title: String,
        /// What it is for.
        pub description: String,
        /// What kind of place it is.
        pub preset: String,
        /// Its colour, in degrees.
        pub hue: i64,
        /// Its place in the order of boards.
        pub position: i64,
        /// Whose it is.
        pub owner_id: Option<UserId>,
        /// Who may read.
        pub read_right: String,
        /// The group who may read.
        pub read_group: Option<GroupId>,
        /// That group's slug.
        pub read_slug: Option<String>,
        /// Who may start threads.
        pub start_right: String,
        /// The group who may start threads.
        pub start_group: Option<GroupId>,
        /// That group's slug.
        pub start_slug: Option<String>,
        /// Who may reply.
        pub reply_right: String,
        /// The group who may reply.
        pub reply_group: Option<GroupId>,
        /// That group's slug.
        pub reply_slug: Option<String>,
        /// The policy, as JSON.
        pub policy: String,
        /// Visible threads.
        pub thread_count: i64,
        /// Visible posts in them.
        pub post_count: i64,
        /// Rises with each change.
        pub version: i64,
    }
}

impl TryFrom<BoardRow> for Board {
    type Error = Error;

    fn try_from(row: BoardRow) -> Result<Self> {
        let right = |word: &str, group| {
            Right::parse(word, group)
                .ok_or_else(|| Error::internal(format_args!("board {}: right {word:?}", row.id)))
        };
        let rights = Rights {
            owner: row.owner_id,
            read: right(&row.read_right, row.read_group)?,
            start: right(&row.start_right, row.start_group)?,
            reply: right(&row.reply_right, row.reply_group)?,
        };
        Ok(Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            description: row.description,
            preset: row.preset,
            hue: row.hue,
            position: row.position,
            rights,
            groups: [row.read_slug, row.start_slug, row.reply_slug],
            policy: Policy::load(&row.policy),
            thread_count: row.thread_count,
            post_count: row.post_count,
            version: row.version,
        })
    }
}

/// A slug that may stand in an address: small letters, digits and single dashes.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_slug(slug: &str) -> Result<String> {
    let fits = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let dashes = slug.starts_with('-') || slug.ends_with('-') || slug.contains("--");
    if slug.is_empty() || slug.len() > MAX_SLUG || !fits || dashes {
        let why = format!("1 to {MAX_SLUG} small letters and digits, joined by single dashes");
        return Err(Error::invalid("slug", why));
    }
    Ok(slug.to_owned())
}

/// A title on one line.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_title(title: &str) -> Result<String> {
    let title = title.trim();
    if !(1..=MAX_TITLE).contains(&title.chars().count()) || title.chars().any(char::is_control) {
        return Err(Error::invalid("title", format!("1 to {MAX_TITLE} characters on one line")));
    }
    Ok(title.to_owned())
}

/// A description; it may be empty.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_description(description: &str) -> Result<String> {
    let description = description.trim();
    let control = description.chars().any(|c| c.is_control() && c != '\n');
    if description.chars().count() > MAX_DESCRIPTION || control {
        return Err(Error::invalid("description", format!("at most {MAX_DESCRIPTION} characters")));
    }
    Ok(description.to_owned())
}

/// A colour, in degrees.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_hue(hue: i64) -> Result<i64> {
    if (0..360).contains(&hue) { Ok(hue) } else { Err(Error::invalid("hue", "from 0 to 359 degrees")) }
}

/// A place in the order of boards.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_position(position: i64) -> Result<i64> {
    let why = || Error::invalid("position", format!("from -{MAX_POSITION} to {MAX_POSITION}"));
    if (-MAX_POSITION..=MAX_POSITION).contains(&position) { Ok(position) } else { Err(why()) }
}

/// The only preset so far.
///
/// # Errors
/// `Invalid` naming the field.
pub(super) fn checked_preset(preset: &str) -> Result<String> {
    if preset == "forum" {
        Ok(preset.to_owned())
    } else {
        Err(Error::invalid("preset", "only forum is known"))
    }
}

#[cfg(test)]
mod tests {
    use super::{checked_hue, checked_position, checked_slug, checked_title, thread_url};

    #[test]
    fn a_thread_has_an_address_in_any_script() {
        assert_eq!(thread_url(7, "hello-world"), "/threads/7/hello-world");
        assert_eq!(thread_url(7, "é-x"), "/threads/7/%C3%A9-x");
        assert_eq!(thread_url(7, ""), "/threads/7/thread");
    }

    #[test]
    fn a_slug_fits_into_an_address() {
        for good in ["cats", "cats-and-dogs", "3d", &"x".repeat(40)] {
            assert_eq!(checked_slug(good).unwrap(), good);
        }
        for bad in ["", "-cats", "cats-", "cats--dogs", "Cats", "cats dogs", "cäts", "a/b", &"x".repeat(41)]
        {
            assert!(checked_slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn bounds_are_kept() {
        assert_eq!(checked_title("  Cats ").unwrap(), "Cats");
        assert!(
            checked_title(" ").is_err()
                && checked_title("a\nb").is_err()
                && checked_title(&"x".repeat(81)).is_err()
        );
        assert!(checked_hue(359).is_ok() && checked_hue(360).is_err() && checked_hue(-1).is_err());
        assert!(checked_position(-5).is_ok() && checked_position(i64::MIN).is_err());
    }
}
