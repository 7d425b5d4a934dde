//! Signing in with a nickname or an e-mail address and a password.
//!
//! A name that nobody has and a wrong password give the same answer after the same work.

use serde::Deserialize;
use utoipa::ToSchema;

use super::attempts::Attempts;
use super::checks::{Checks, Given};
use super::fields::{self, PASSWORD_MAX};
use super::hashing::Hashing;
use super::model::{Standing, UserId};
use super::names;
use super::outcomes::{self, BANNED, CHANGED};
use super::queries::sessions::password_is_still;
use super::queries::users::{self, CredentialRow};
use super::sessions::{self, SignedIn};
use super::visitor::{Asker, Visitor};
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// What is filled in to sign in.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct LoginForm {
    /// A nickname or an e-mail address.
    #[serde(default)]
    #[schema(required, example = "ann", value_type = String)]
    pub identifier: Given<String>,
    /// The password.
    #[serde(default)]
    #[schema(required, example = "a few words make a good one", value_type = String)]
    pub password: Given<String>,
}

/// Signs somebody in.
///
/// # Errors
/// `Unauthorized` when name and password do not belong together, `TooMany` after too many wrong ones, `Forbidden`
/// when the account is banned, `Busy` when the queue for hashing is full.
pub async fn login(app: &App, visitor: Visitor, form: LoginForm) -> Result<SignedIn> {
    let (name, password) = check(form)?;
    let hashing = app.part::<Hashing>()?;
    let place = hashing.place(visitor.asker())?;
    let account = users::credential_of(&app.db, &name).await?;
    let attempts = app.part::<Attempts>()?;
    let person = account.as_ref().map(|account| account.id);
    let attempt = attempts.begin(app.now(), visitor.address, visitor.device.as_ref(), person, &name)?;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    if !place.verify(password.clone(), hash).await? {
        return Err(wrong());
    }
    attempt.was_right();
    let Some(CredentialRow { id, password_hash: Some(hash), standing }) = account else {
        return Err(wrong());
    };
    if standing == Standing::Banned {
        return Err(outcomes::refusal(BANNED));
    }
    let signed_in = sign_in(app, visitor, id, &hash).await?;
    if hashing.is_outdated(&hash) {
        tokio::spawn(renew_hash(app.clone(), id, hash, password));
    }
    Ok(signed_in)
}

fn check(form: LoginForm) -> Result<(String, String)> {
    let mut checks = Checks::default();
    let name = checks.required("identifier", form.identifier, |text| identifier(&text));
    let password =
        checks.required("password", form.password, |text| match fields::password_as_hashed(&text) {
            password if password.is_empty() => Err(String::from("Give your password.")),
            password if password.chars().count() > PASSWORD_MAX => {
                Err(format!("A password has at most {PASSWORD_MAX} characters."))
            }
            password => Ok(password),
        });
    checks.finish(name.zip(password))
}

/// What the name is looked up by. Its length is checked first, since making the key of a long one would cost.
fn identifier(text: &str) -> fields::Checked<String> {
    if text.chars().count() > fields::EMAIL_MAX {
        return Err(format!("At most {} characters.", fields::EMAIL_MAX));
    }
    match names::key(text) {
        key if key.is_empty() => Err(String::from("Give your nickname or your e-mail address.")),
        key if key.contains('\0') => Err(String::from("That is no name.")),
        key => Ok(key),
    }
}

fn wrong() -> Error {
    Error::Unauthorized("wrong_credentials", "The name or the password is wrong.")
}

/// The session begins only if the password is still the one that was verified: it may just have been changed.
async fn sign_in(app: &App, visitor: Visitor, id: UserId, hash: &str) -> Result<SignedIn> {
    let mut write = Write::new(Some(id.0), app.now());
    write.push(password_is_still(id, hash).expect_rows(1).or(CHANGED));
    let begun = sessions::begin(app, &mut write, &visitor, id)?;
    match app.commit(write).await {
        Ok(_) => SignedIn::of(app, visitor, begun).await,
        Err(error) => Err(match outcomes::missed(error)? {
            CHANGED => wrong(),
            other => outcomes::refusal(other),
        }),
    }
}

/// Hashes a password again, beside the request, when today's parameters are others than those of its hash. What
/// fails is tried again at the next sign-in.
async fn renew_hash(app: App, id: UserId, old: String, password: String) {
    if let Err(error) = try_renew_hash(&app, id, &old, password).await {
        tracing::info!(%error, "a password hash keeps its old parameters until the next sign-in");
    }
}

async fn try_renew_hash(app: &App, id: UserId, old: &str, password: String) -> Result<()> {
    let new = app.part::<Hashing>()?.place(Asker::Account(id))?.hash(password).await?;
    let mut batch = folkmoot_store::Batch::new();
    batch.push(users::replace_hash(id, old, &new));
    app.db.commit(batch).await?;
    Ok(())
}
