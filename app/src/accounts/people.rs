//! People as others see them, and one's own account as oneself sees it.

use std::collections::HashMap;

use folkmoot_markup::{Context, Flavour, Mention};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{GroupId, Role, Settings, UserId};
use super::names;
use super::permissions::Permission;
use super::queries::groups;
use super::queries::users::{self, AccountRow, PersonRow};
use crate::core::read::Read;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// For how long after their last request somebody counts as being here, in milliseconds.
const ONLINE: i64 = 15 * 60 * 1000;

/// What is shown of a person wherever they appear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// As they spell it.
    pub nickname: String,
    /// The address of their page.
    #[schema(example = "/people/ann")]
    pub url: String,
    /// One or two letters for their face.
    pub initials: String,
    /// The colour of their face, in degrees.
    #[schema(minimum = 0, maximum = 359)]
    pub hue: u16,
    /// What they are here.
    pub role: Role,
}

/// A person's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Profile {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// What they tell of themselves, in Markdown.
    pub bio: String,
    /// The same as safe HTML.
    pub bio_html: String,
    /// When they came.
    #[schema(value_type = String, format = DateTime)]
    pub joined_at: Time,
    /// When they were last here, give or take ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Time>,
    /// Whether that was just now.
    pub online: bool,
    /// Threads they opened.
    pub thread_count: i64,
    /// Posts they wrote, opening ones included.
    pub post_count: i64,
    /// Reactions to their posts.
    pub likes_received: i64,
    /// Whether the account has its owner; an imported one has not, until it is claimed.
    pub claimed: bool,
    /// Rises with each change.
    pub version: i64,
}

/// One's own account, with what nobody else sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MyAccount {
    /// What others see.
    #[serde(flatten)]
    pub profile: Profile,
    /// The e-mail address.
    pub email: Option<String>,
    /// The age today, in years.
    pub age: Option<i64>,
    /// When it was stated.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub age_stated_at: Option<Time>,
    /// In one's own words.
    pub gender: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The groups one is in.
    pub groups: Vec<GroupRef>,
    /// What one has chosen for the client.
    pub settings: Settings,
    /// What one may do beyond what every member may.
    pub may: May,
}

/// A group by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroupRef {
    /// Which.
    pub id: GroupId,
    /// Its name in addresses and rights.
    pub slug: String,
    /// Its name for people.
    pub title: String,
}

/// What somebody may do beyond what every member may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct May {
    /// Keep the place decent.
    pub moderate: bool,
    /// Run the place.
    pub administer: bool,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id,
            url: names::url(&row.nickname),
            initials: names::initials(&row.nickname),
            hue: names::hue(&row.nickname_key),
            nickname: row.nickname,
            role: row.role,
        }
    }
}

/// People by their ids; those who are not there are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_ids(read: &impl Read, ids: &[UserId]) -> Result<HashMap<UserId, Person>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = users::people(read, ids.iter().copied()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// People by their nicknames, in any case; found under the names' keys ([`names::key`]).
///
/// # Errors
/// When the database cannot be read.
pub async fn by_nicknames<N: AsRef<str>>(
    read: &impl Read,
    nicknames: &[N],
) -> Result<HashMap<String, Person>> {
    if nicknames.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = nicknames.iter().map(|name| names::key(name.as_ref())).collect();
    let rows = users::people_by_key(read, keys).await?;
    Ok(rows.into_iter().map(|row| (row.nickname_key.clone(), row.into())).collect())
}

/// Somebody by their nickname.
///
/// # Errors
/// `NotFound` when nobody is called so.
pub async fn by_nickname(read: &impl Read, nickname: &str) -> Result<Person> {
    let mut found = by_nicknames(read, &[nickname]).await?;
    found.remove(&names::key(nickname)).ok_or(Error::NotFound("person"))
}

/// The pages of accounts, in their order.
pub(super) async fn profiles(app: &App, read: &impl Read, rows: Vec<AccountRow>) -> Result<Vec<Profile>> {
    let names: Vec<String> =
        rows.iter().flat_map(|row| folkmoot_markup::mentioned_names(&row.bio, Flavour::Markdown)).collect();
    let mentioned = by_nicknames(read, &names).await?;
    let now = app.now();
    let base_urls = [app.config.server.base_url().to_string()];
    let mention = |name: &str| {
        let person = mentioned.get(&names::key(name))?;
        let Person { id, nickname, url, .. } = person;
        Some(Mention { id: id.to_string(), nickname: nickname.clone(), url: url.clone() })
    };
    let context = Context { flavour: Flavour::Markdown, mentions: &mention, base_urls: &base_urls };
    Ok(rows.into_iter().map(|row| profile(row, now, &context)).collect())
}

fn profile(row: AccountRow, now: i64, context: &Context<'_>) -> Profile {
    let bio_html = folkmoot_markup::render(&row.bio, context).html;
    let person =
        PersonRow { id: row.id, nickname: row.nickname, nickname_key: row.nickname_key, role: row.role };
    Profile {
        person: person.into(),
        bio: row.bio,
        bio_html,
        joined_at: Time(row.created_at),
        last_seen_at: row.last_seen_at.map(Time),
        online: row.last_seen_at.is_some_and(|seen| now - seen < ONLINE),
        thread_count: row.thread_count,
        post_count: row.post_count,
        likes_received: row.like_count,
        claimed: row.claimed,
        version: row.version,
    }
}

/// One account's page.
pub(super) async fn profile_of(app: &App, read: &impl Read, row: AccountRow) -> Result<Profile> {
    let mut profiles = profiles(app, read, vec![row]).await?;
    profiles.pop().ok_or(Error::NotFound("person"))
}

/// One's own account.
pub(super) async fn my_account(app: &App, id: UserId) -> Result<MyAccount> {
    let row = users::account(&app.db, id).await?.ok_or(Error::SignInNeeded)?;
    let groups = groups::of(&app.db, id).await?;
    let private = row.clone();
    let profile = profile_of(app, &app.db, row).await?;
    let role = profile.person.role;
    Ok(MyAccount {
        profile,
        email: private.email,
        age: age_today(private.age, private.age_stated_at, app.now()),
        age_stated_at: private.age_stated_at.map(Time),
        gender: private.gender,
        first_name: private.first_name,
        last_name: private.last_name,
        groups: groups
            .into_iter()
            .map(|row| GroupRef { id: row.id, slug: row.slug, title: row.title })
            .collect(),
        settings: Settings::load(&private.settings),
        may: May {
            moderate: Permission::Moderate.is_given_to(role),
            administer: Permission::ManageSite.is_given_to(role),
        },
    })
}

/// An age goes on from the day on which it was stated, by whole years.
pub(super) fn age_today(age: Option<i64>, stated_at: Option<i64>, now: i64) -> Option<i64> {
    let date =
        |ms: i64| Some(jiff::Timestamp::from_millisecond(ms).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date());
    let years = date(stated_at?)?.until((jiff::Unit::Year, date(now)?)).ok()?.get_years();
    Some(age? + i64::from(years.max(0)))
}

#[cfg(test)]
mod tests {
    use super::{Time, age_today};

    #[test]
    fn an_age_grows_with_the_calendar() {
        let ms = |text| Time::parse(text).unwrap().0;
        let stated = ms("2024-02-29T10:00:00Z");
        let cases = [
            ("2024-02-29T10:00:00Z", 34),
            ("2025-02-27T10:00:00Z", 34),
            ("2025-03-01T00:00:00Z", 35),
            ("2028-02-28T23:59:59Z", 37),
            ("2028-02-29T00:00:00Z", 38),
            ("2023-01-01T00:00:00Z", 34),
        ];
        for (today, age) in cases {
            assert_eq!(age_today(Some(34), Some(stated), ms(today)), Some(age), "{today}");
        }
        assert_eq!(age_today(None, Some(stated), stated), None);
        assert_eq!(age_today(Some(34), None, stated), None);
    }
}
