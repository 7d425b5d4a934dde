//! What administrators do with people: see them, give roles, ban, hand out links. The commands use it too.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actor::Me;
use super::checks::{Checks, Given};
use super::directory::{cut, pattern};
use super::hashing::Hashing;
use super::links::{self, NewLinkAnswer};
use super::model::{Purpose, Role, Settings, Standing, UserId};
use super::names;
use super::outcomes::{self, CHANGED, TAKEN};
use super::people::{self, Profile};
use super::permissions::Permission;
use super::queries::users::{self, AccountRow, NewAccount};
use super::queries::{links as link_queries, sessions};
use super::registration::Keys;
use super::visitor::Asker;
use super::{Actor, events, fields, register};
use crate::core::events::Write;
use crate::core::paging::{Page, PageQuery, searched};
use crate::core::{App, Error, Result};

/// A person as administrators see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonForAdmin {
    /// What everybody sees.
    #[serde(flatten)]
    pub profile: Profile,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the account may be used.
    pub standing: Standing,
    /// The age today, in years.
    pub age: Option<i64>,
    /// In their own words.
    pub gender: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
}

/// What is to be otherwise; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct RightsForm {
    /// What they are here.
    #[serde(default)]
    #[schema(value_type = Option<Role>)]
    pub role: Given<Role>,
    /// Whether the account may be used.
    #[serde(default)]
    #[schema(value_type = Option<Standing>)]
    pub standing: Given<Standing>,
}

/// People by nickname or e-mail address.
///
/// # Errors
/// `Forbidden` unless the actor keeps people; `Invalid` for the letters, the limit or the cursor.
pub async fn people(
    app: &App,
    actor: &Actor,
    words: &str,
    query: &PageQuery,
) -> Result<Page<PersonForAdmin>> {
    actor.require(Permission::ManagePeople)?;
    let limit = query.limit()?;
    let after: String = query.after()?.unwrap_or_default();
    let rows =
        users::admin_directory(&app.db, &after, pattern(searched(words)?).as_deref(), limit + 1).await?;
    let (rows, next) = cut(rows, limit);
    let profiles = people::profiles(app, &app.db, rows.clone()).await?;
    let now = app.now();
    let items = rows.into_iter().zip(profiles).map(|(row, profile)| for_admin(row, profile, now)).collect();
    Ok(Page { items, next })
}

fn for_admin(row: AccountRow, profile: Profile, now: i64) -> PersonForAdmin {
    PersonForAdmin {
        profile,
        email: row.email,
        standing: row.standing,
        age: people::age_today(row.age, row.age_stated_at, now),
        gender: row.gender,
        first_name: row.first_name,
        last_name: row.last_name,
    }
}

/// Gives somebody another role or standing. Nobody can take their own: so there is always somebody who runs the place.
///
/// # Errors
/// `Forbidden` unless the actor keeps people, or for oneself; `NotFound`; `Invalid` for the form.
pub async fn change_rights(app: &App, actor: &Actor, id: UserId, form: RightsForm) -> Result<PersonForAdmin> {
    let me = actor.require(Permission::ManagePeople)?;
    let mut checks = Checks::default();
    let role = checks.optional("role", form.role, |role| match role {
        Role::Guest => Err(String::from("member, moderator or admin")),
        role => Ok(role),
    });
    let standing = checks.optional("standing", form.standing, Ok::<_, String>);
    let (role, standing) = checks.finish(role.zip(standing))?;
    if me.id == id {
        return Err(Error::Forbidden(
            "own_rights",
            String::from("Ask another administrator to change your own rights."),
        ));
    }
    let account = users::account(&app.db, id).await?.ok_or(Error::NotFound("person"))?;
    let (role, standing) = (role.unwrap_or(account.role), standing.unwrap_or(account.standing));
    if (role, standing) != (account.role, account.standing) {
        set_rights(app, Some(me), &account, role, standing).await?;
    }
    let row = users::account(&app.db, id).await?.ok_or(Error::NotFound("person"))?;
    let profile = people::profile_of(app, &app.db, row.clone()).await?;
    Ok(for_admin(row, profile, app.now()))
}

/// Who is banned is signed out everywhere in the same commit.
async fn set_rights(
    app: &App,
    by: Option<&Me>,
    account: &AccountRow,
    role: Role,
    standing: Standing,
) -> Result<()> {
    let mut write = Write::new(by.map(|me| me.id.0), app.now());
    if let Some(me) = by {
        write.push(users::still_admin(me.id));
    }
    write.push(users::set_rights(account.id, account.version, role, standing).expect_rows(1).or(CHANGED));
    if standing == Standing::Banned {
        write.push(sessions::delete_others(account.id, None));
        write.push(link_queries::delete_unused(account.id));
    }
    write.record(events::user_rights_changed(account.id));
    if role != account.role {
        write.record(events::person_changed(account.id, account.version + 1));
    }
    match app.commit(write).await {
        Ok(_) => Ok(()),
        Err(error) => Err(outcomes::refusal(outcomes::missed(error)?)),
    }
}

/// Makes a one-time link for somebody: to claim an imported account, else for a new password.
///
/// # Errors
/// `Forbidden` unless the actor keeps people; `NotFound`.
pub async fn make_link(app: &App, actor: &Actor, id: UserId) -> Result<NewLinkAnswer> {
    let me = actor.require(Permission::ManagePeople)?;
    links::make_for(app, Some(me.id), id).await
}

/// Makes an account with a role, for the command. Without a password its answer is a link by which they set one.
///
/// # Errors
/// `Invalid` and `Taken` for the names and the password.
pub async fn create(
    app: &App,
    nickname: &str,
    email: &str,
    password: Option<&str>,
    role: Role,
) -> Result<Option<NewLinkAnswer>> {
    let mut checks = Checks::default();
    let nickname = checks.required("nickname", Given::Is(nickname), fields::staff_nickname);
    let email = checks.required("email", Given::Is(email), fields::email);
    let given = password.map_or(Given::Absent, Given::Is);
    let password = checks
        .optional("password", given, |text| fields::password(text, nickname.as_deref(), email.as_deref()));
    let ((nickname, email), password) = checks.finish(nickname.zip(email).zip(password))?;
    let id = UserId(app.new_id()?);
    let hash = match password {
        Some(password) => Some(app.part::<Hashing>()?.place(Asker::Account(id))?.hash(password).await?),
        None => None,
    };
    let keys = Keys { nickname: names::key(&nickname), email: names::key(&email) };
    let new = NewAccount {
        id,
        nickname: &nickname,
        nickname_key: &keys.nickname,
        email: &email,
        email_key: &keys.email,
        password_hash: hash.as_deref(),
        role,
        settings: Settings::default().store(),
        created_at: app.now(),
    };
    let mut write = Write::new(None, app.now());
    write.push(users::insert(new).expect_rows(1).or(TAKEN));
    let mut answer = None;
    if hash.is_none() {
        let (link, made) = links::new(app, Purpose::Password, Some(id))?;
        write.push(link_queries::insert(link));
        answer = Some(made);
    }
    match app.commit(write).await {
        Ok(_) => Ok(answer),
        Err(error) => Err(match outcomes::missed(error)? {
            TAKEN => register::taken_meanwhile(&app.db, &keys).await?,
            other => outcomes::refusal(other),
        }),
    }
}

/// Gives somebody another role, for the command.
///
/// # Errors
/// `NotFound` when nobody is called so; `Conflict` when the last administrator would step down.
pub async fn promote(app: &App, nickname: &str, role: Role) -> Result<()> {
    let account = by_nickname(app, nickname).await?;
    if account.role == role {
        return Ok(());
    }
    if account.role == Role::Admin && !users::has_other_admin(&app.db, account.id).await? {
        let why = "This is the last administrator. Make another one first.";
        return Err(Error::Conflict("last_admin", why.to_owned()));
    }
    set_rights(app, None, &account, role, account.standing).await
}

/// Makes a link by which somebody sets a new password (or claims their imported account), for the command.
///
/// # Errors
/// `NotFound` when nobody is called so.
pub async fn reset_password(app: &App, nickname: &str) -> Result<NewLinkAnswer> {
    let account = by_nickname(app, nickname).await?;
    links::make_for(app, None, account.id).await
}

async fn by_nickname(app: &App, nickname: &str) -> Result<AccountRow> {
    users::account_by_key(&app.db, &names::key(nickname)).await?.ok_or(Error::NotFound("person"))
}
