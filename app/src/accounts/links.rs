//! One-time links: the first set-up, a new password, the hand-over of an imported account.
//!
//! Whoever holds a link may use it once, before it runs out. Only its hash is kept.

use folkmoot_store::CommitError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{Checks, Given};
use super::hashing::Hashing;
use super::model::{LinkId, Purpose, UserId};
use super::outcomes::{self, GONE, TAKEN};
use super::queries::links::{self as queries, LinkRow, NewLink};
use super::queries::users;
use super::registration::{self, RegistrationForm};
use super::sessions::{self, SignedIn};
use super::visitor::Visitor;
use super::{fields, names, register, setup, site};
use crate::core::events::Write;
use crate::core::random::hash_token;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// What a link is for, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose account it is for; nobody's when it sets the place up.
    pub nickname: Option<String>,
}

/// A link that was just made: the one time that it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewLinkAnswer {
    /// Its address.
    pub url: String,
    /// When it runs out.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Time,
}

/// What is filled in behind a link. Which fields are needed depends on what it is for: all seven of registering and
/// perhaps the community's name to set the place up; the password for a new password; all but the nickname to claim
/// an imported account.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct LinkForm {
    /// The fields of registering.
    #[serde(flatten)]
    pub person: RegistrationForm,
    /// What the community is called; only when setting it up.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub community_name: Given<String>,
}

/// A link for a write to make, and its address.
pub(super) fn new(app: &App, purpose: Purpose, user: Option<UserId>) -> Result<(NewLink, NewLinkAnswer)> {
    let token = app.random.token()?;
    let now = app.now();
    let expires_at = now + i64::from(app.config.community.link_hours) * 60 * 60 * 1000;
    let link =
        NewLink { id: LinkId(app.new_id()?), purpose, user, secret_hash: token.hash, at: now, expires_at };
    let url = app.config.server.base_url().join(&format!("/link/{}", token.text));
    Ok((link, NewLinkAnswer { url, expires_at: Time(expires_at) }))
}

/// Makes a link for an account: to claim it while nobody has, else for a new password. Earlier ones end.
pub(super) async fn make_for(app: &App, by: Option<UserId>, user: UserId) -> Result<NewLinkAnswer> {
    let account = users::account(&app.db, user).await?.ok_or(Error::NotFound("person"))?;
    let purpose = if account.claimed { Purpose::Password } else { Purpose::Claim };
    let (link, answer) = new(app, purpose, Some(user))?;
    let mut write = Write::new(by.map(|id| id.0), app.now());
    if let Some(by) = by {
        write.push(users::still_admin(by));
    }
    write.push(queries::delete_unused(user));
    write.push(queries::insert(link));
    match app.commit(write).await {
        Ok(_) => Ok(answer),
        Err(error) => Err(outcomes::refusal(outcomes::missed(error)?)),
    }
}

/// What a link is for.
///
/// # Errors
/// `Gone` when it cannot be used (any more).
pub async fn inspect(app: &App, secret: &str) -> Result<Link> {
    let link = find(app, secret).await?;
    Ok(Link { purpose: link.purpose, nickname: link.nickname })
}

/// Uses a link and signs its holder in.
///
/// # Errors
/// `Gone` when it cannot be used (any more), `Invalid` and `Taken` for the form, `Busy` when the queue for
/// hashing is full.
pub async fn use_up(app: &App, visitor: Visitor, secret: &str, form: LinkForm) -> Result<SignedIn> {
    let link = find(app, secret).await?;
    match (link.purpose, link.user_id) {
        (Purpose::Setup, _) => setup::found(app, visitor, link.id, form).await,
        (Purpose::Password, Some(user)) => set_password(app, visitor, &link, user, form).await,
        (Purpose::Claim, Some(user)) => claim(app, visitor, &link, user, form).await,
        (Purpose::Password | Purpose::Claim, None) => Err(gone()),
    }
}

async fn find(app: &App, secret: &str) -> Result<LinkRow> {
    queries::by_secret(app.db.primary(), hash_token(secret), app.now()).await?.ok_or_else(gone)
}

pub(super) fn gone() -> Error {
    Error::Gone("link_used", "This link was used already or has run out. Ask for a new one.")
}

async fn set_password(
    app: &App,
    visitor: Visitor,
    link: &LinkRow,
    user: UserId,
    form: LinkForm,
) -> Result<SignedIn> {
    let account = users::account(&app.db, user).await?.ok_or_else(gone)?;
    let mut checks = Checks::default();
    let password = checks.required("password", form.person.password, |text| {
        fields::password(&text, Some(&account.nickname), account.email.as_deref())
    });
    let password = checks.finish(password)?;
    let hash = app.part::<Hashing>()?.place(visitor.asker())?.hash(password).await?;
    let mut write = Write::new(Some(user.0), app.now());
    write.push(queries::use_up(link.id, app.now()).expect_rows(1).or(GONE));
    write.push(users::set_password(user, &hash).expect_rows(1).or(outcomes::BANNED));
    finish(app, visitor, write, user).await
}

async fn claim(
    app: &App,
    visitor: Visitor,
    link: &LinkRow,
    user: UserId,
    form: LinkForm,
) -> Result<SignedIn> {
    let minimum_age = site::site(app).await?.minimum_age;
    let RegistrationForm { email, password, age, gender, first_name, last_name, .. } = form.person;
    let mut checks = Checks::default();
    let email = checks.required("email", email, |text| fields::email(&text));
    let password = checks.required("password", password, |text| {
        fields::password(&text, link.nickname.as_deref(), email.as_deref())
    });
    let personal = registration::personal(&mut checks, age, gender, first_name, last_name, minimum_age);
    let person = match (email, password, personal) {
        (Some(email), Some(password), Some(personal)) => {
            let nickname = link.nickname.clone().unwrap_or_default();
            Some(registration::NewPerson { nickname, email, password, personal })
        }
        _ => None,
    };
    let email_key = person.as_ref().map(|person| names::key(&person.email)).unwrap_or_default();
    let keys = registration::Keys { nickname: String::new(), email: email_key };
    let person = register::finish(&app.db, checks, &keys, person, Some(user)).await?;
    let hash = app.part::<Hashing>()?.place(visitor.asker())?.hash(person.password).await?;

    let mut write = Write::new(Some(user.0), app.now());
    write.push(queries::use_up(link.id, app.now()).expect_rows(1).or(GONE));
    write.push(users::claim(user, &person.email, &keys.email, &hash).expect_rows(1).or(TAKEN));
    write.push(users::set_personal(user, &person.personal, app.now()));
    match finish(app, visitor, write, user).await {
        Err(Error::Taken(_)) => Err(register::taken_meanwhile(&app.db, &keys).await?),
        other => other,
    }
}

/// Ends whatever was signed in to the account, and signs its owner in.
async fn finish(app: &App, visitor: Visitor, mut write: Write, user: UserId) -> Result<SignedIn> {
    let begun = sessions::begin_anew(app, &mut write, &visitor, user)?;
    match app.commit(write).await {
        Ok(_) => SignedIn::of(app, visitor, begun).await,
        // Two people claim accounts with one address at the same moment.
        Err(CommitError::Constraint { .. }) => Err(Error::Taken(crate::core::error::Fields::new())),
        Err(error) => Err(match outcomes::missed(error)? {
            GONE => gone(),
            TAKEN => Error::Taken(crate::core::error::Fields::new()),
            other => outcomes::refusal(other),
        }),
    }
}
