//! Named groups of accounts, to which boards may be private. Administrators keep them.

use folkmoot_store::{CommitError, Constraint};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actor::Me;
use super::checks::{Checks, Given};
use super::fields::{self, Checked};
use super::model::GroupId;
use super::outcomes::{self, CHANGED, GONE, SO_ALREADY, TAKEN};
use super::people::{self, Person};
use super::permissions::Permission;
use super::queries::groups::{self as queries, GroupRow};
use super::queries::users;
use super::{Actor, events};
use crate::core::error::Fields;
use crate::core::events::Write;
use crate::core::paging::{Page, PageQuery};
use crate::core::{App, Error, Result};

/// The most characters of a slug.
const SLUG_MAX: usize = 40;
/// The most characters of a title.
const TITLE_MAX: usize = 60;
/// The most characters of a description.
const DESCRIPTION_MAX: usize = 300;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Its name in addresses and rights; it never changes.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// How many are in it.
    pub member_count: i64,
    /// Rises with each change.
    pub version: i64,
}

impl From<GroupRow> for Group {
    fn from(row: GroupRow) -> Self {
        let GroupRow { id, slug, title, description, version, member_count } = row;
        Self { id, slug, title, description, member_count, version }
    }
}

/// What a group is to be; for a change, what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct GroupForm {
    /// Small letters, digits and hyphens; only for a new group.
    #[serde(default)]
    #[schema(example = "crew", value_type = Option<String>)]
    pub slug: Given<String>,
    /// Its name for people.
    #[serde(default)]
    #[schema(example = "The crew", value_type = Option<String>)]
    pub title: Given<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub description: Given<String>,
}

/// Every group.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Group>> {
    actor.require(Permission::ManageGroups)?;
    Ok(queries::all(&app.db).await?.into_iter().map(Group::from).collect())
}

/// Who is in a group, in the order of nicknames.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `NotFound` when there is no such group.
pub async fn members(app: &App, actor: &Actor, slug: &str, query: &PageQuery) -> Result<Page<Person>> {
    actor.require(Permission::ManageGroups)?;
    let group = find(app, slug).await?;
    let limit = query.limit()?;
    let after: String = query.after()?.unwrap_or_default();
    let rows = queries::members(&app.db, group.id, &after, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.nickname_key.clone(), Person::from))
}

/// Makes a group.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `Invalid` for the form; `Taken` for the slug.
pub async fn create(app: &App, actor: &Actor, form: GroupForm) -> Result<Group> {
    let me = actor.require(Permission::ManageGroups)?;
    let mut checks = Checks::default();
    let slug = checks.required("slug", form.slug, |text| slug_rule(&text));
    let title = checks.required("title", form.title, |text| fields::line(&text, TITLE_MAX));
    let description = checks.optional("description", form.description, |text| description_rule(&text));
    let values = slug.zip(title).zip(description);
    let ((slug, title), description) = checks.finish(values)?;
    let id = GroupId(app.new_id()?);
    let mut write = guarded(app, me);
    let description = description.unwrap_or_default();
    write.push(queries::insert(id, &slug, &title, &description, app.now()).expect_rows(1).or(TAKEN));
    commit(app, write, gone).await?;
    Ok(Group { id, slug, title, description, member_count: 0, version: 1 })
}

/// Changes a group's title or description.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `NotFound`, `Invalid` for the form, `Conflict` when it changed meanwhile.
pub async fn change(app: &App, actor: &Actor, slug: &str, form: GroupForm) -> Result<Group> {
    let me = actor.require(Permission::ManageGroups)?;
    let group = find(app, slug).await?;
    let mut checks = Checks::default();
    if form.slug != Given::Absent && form.slug != Given::Is(group.slug.clone()) {
        checks.refuse::<()>("slug", "The slug of a group stays: boards name it.");
    }
    let title = checks.optional("title", form.title, |text| fields::line(&text, TITLE_MAX));
    let description = checks.optional("description", form.description, |text| description_rule(&text));
    let (title, description) = checks.finish(title.zip(description))?;
    let (title, description) = (title.unwrap_or(group.title), description.unwrap_or(group.description));
    let mut write = guarded(app, me);
    write.push(queries::update(group.id, group.version, &title, &description).expect_rows(1).or(CHANGED));
    commit(app, write, gone).await?;
    find(app, slug).await.map(Group::from)
}

/// Ends a group that no board is private to, so nobody's rights change.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `NotFound`; `Conflict` while a board is private to it.
pub async fn delete(app: &App, actor: &Actor, slug: &str) -> Result<()> {
    let me = actor.require(Permission::ManageGroups)?;
    let group = find(app, slug).await?;
    let mut write = guarded(app, me);
    write.push(queries::delete(group.id).expect_rows(1).or(GONE));
    commit(app, write, || {
        let why = "A board is private to this group. Give the board other rights first.";
        Error::Conflict("in_use", why.to_owned())
    })
    .await
}

/// Takes somebody into a group. Who is in it already stays in it.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `NotFound` for the group or the person.
pub async fn add(app: &App, actor: &Actor, slug: &str, nickname: &str) -> Result<()> {
    let me = actor.require(Permission::ManageGroups)?;
    let group = find(app, slug).await?;
    let person = people::by_nickname(&app.db, nickname).await?;
    let mut write = guarded(app, me);
    write.push(queries::add_member(group.id, person.id, app.now()).expect_rows(1).or(SO_ALREADY));
    write.record(events::user_rights_changed(person.id));
    commit(app, write, gone).await
}

/// Takes somebody out of a group. Who is not in it stays out.
///
/// # Errors
/// `Forbidden` unless the actor keeps groups; `NotFound` for the group or the person.
pub async fn remove(app: &App, actor: &Actor, slug: &str, nickname: &str) -> Result<()> {
    let me = actor.require(Permission::ManageGroups)?;
    let group = find(app, slug).await?;
    let person = people::by_nickname(&app.db, nickname).await?;
    let mut write = guarded(app, me);
    write.push(queries::remove_member(group.id, person.id).expect_rows(1).or(SO_ALREADY));
    write.record(events::user_rights_changed(person.id));
    commit(app, write, gone).await
}

/// The group, or who was to be in it, has gone meanwhile.
fn gone() -> Error {
    Error::NotFound("group or person")
}

async fn find(app: &App, slug: &str) -> Result<GroupRow> {
    queries::by_slug(&app.db, slug).await?.ok_or(Error::NotFound("group"))
}

/// A write that holds only while its author runs the place.
fn guarded(app: &App, me: &Me) -> Write {
    let mut write = Write::new(Some(me.id.0), app.now());
    write.push(users::still_admin(me.id));
    write
}

/// Commits. `reference` is what it means when a row names one that is not there.
async fn commit(app: &App, write: Write, reference: impl FnOnce() -> Error) -> Result<()> {
    match app.commit(write).await {
        Ok(_) => Ok(()),
        Err(CommitError::Constraint { kind: Constraint::ForeignKey, .. }) => Err(reference()),
        Err(error) => match outcomes::missed(error)? {
            SO_ALREADY => Ok(()),
            GONE => Err(Error::NotFound("group")),
            TAKEN => {
                let why = String::from("There is a group with this slug already.");
                Err(Error::Taken(Fields::from([("slug".into(), why)])))
            }
            other => Err(outcomes::refusal(other)),
        },
    }
}

fn slug_rule(text: &str) -> Checked<String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let holds = (1..=SLUG_MAX).contains(&text.len())
        && text.bytes().all(plain)
        && !text.starts_with('-')
        && !text.ends_with('-');
    if holds {
        Ok(text.to_owned())
    } else {
        Err(format!("1 to {SLUG_MAX} small letters, digits and hyphens between them."))
    }
}

fn description_rule(text: &str) -> Checked<String> {
    fields::line_or_nothing(text, DESCRIPTION_MAX)
}

#[cfg(test)]
mod tests {
    use super::{SLUG_MAX, slug_rule};

    #[test]
    fn slugs() {
        for good in ["a", "crew", "crew-2", &"x".repeat(SLUG_MAX)] {
            assert!(slug_rule(good).is_ok(), "{good}");
        }
        for bad in ["", "Crew", "the crew", "-crew", "crew-", "crew_2", "créw", &"x".repeat(SLUG_MAX + 1)] {
            assert!(slug_rule(bad).is_err(), "{bad}");
        }
    }
}
