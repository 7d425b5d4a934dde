//! Changing one's password, which signs one out everywhere else.

use serde::Deserialize;
use utoipa::ToSchema;

use super::actor::Me;
use super::attempts::Attempts;
use super::checks::{Checks, Given};
use super::events;
use super::fields;
use super::hashing::Hashing;
use super::outcomes::{self, CHANGED};
use super::queries::sessions as session_queries;
use super::queries::{links, users};
use super::visitor::{Asker, Visitor};
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// What is filled in to change a password.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct PasswordForm {
    /// The one of now.
    #[serde(default)]
    #[schema(required, value_type = String)]
    pub current: Given<String>,
    /// The new one: at least 10 characters.
    #[serde(default)]
    #[schema(required, value_type = String)]
    pub password: Given<String>,
}

/// Changes the password. All other sessions and all tokens end, and unused links of the account too.
///
/// # Errors
/// `Invalid` when the current password is wrong or the new one does not hold, `TooMany` after too many wrong ones,
/// `Busy` when the queue for hashing is full.
pub async fn change(app: &App, me: &Me, visitor: &Visitor, form: PasswordForm) -> Result<()> {
    let account = users::account(&app.db, me.id).await?.ok_or(Error::SignInNeeded)?;
    let mut checks = Checks::default();
    let current = checks.required("current", form.current, |text| Ok(fields::password_as_hashed(&text)));
    let new = checks.required("password", form.password, |text| {
        fields::password(&text, Some(&account.nickname), account.email.as_deref())
    });
    let (current, new) = checks.finish(current.zip(new))?;

    let old = users::credential(&app.db, me.id).await?.and_then(|account| account.password_hash);
    let place = app.part::<Hashing>()?.place(Asker::Account(me.id))?;
    let attempts = app.part::<Attempts>()?;
    let attempt = attempts.begin(app.now(), visitor.address, visitor.device.as_ref(), Some(me.id), "")?;
    let (Some(old), Some(new)) = (old.clone(), place.replace(current, old, new).await?) else {
        return Err(Error::invalid("current", "This is not your password."));
    };
    attempt.was_right();

    let mut write = Write::new(Some(me.id.0), app.now());
    write.push(users::replace_hash(me.id, &old, &new).expect_rows(1).or(CHANGED));
    write.push(session_queries::delete_others(me.id, Some(me.session)));
    write.push(links::delete_unused(me.id));
    write.record(events::user_rights_changed(me.id));
    match app.commit(write).await {
        Ok(_) => Ok(()),
        Err(error) => Err(outcomes::refusal(outcomes::missed(error)?)),
    }
}
