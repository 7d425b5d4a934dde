//! Bearer tokens: what a person gives a program so that it may act for them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actor::Me;
use super::checks::{Checks, Given};
use super::fields;
use super::model::{SessionId, SessionKind};
use super::outcomes::{self, BANNED, FULL};
use super::queries::sessions::{self as queries, NewSession};
use crate::core::events::Write;
use crate::core::random::hash_token;
use crate::core::time::Time;
use crate::core::{App, Error, Result};

/// How every token begins, so that one that was published by mistake is found by those who look for them.
const PREFIX: &str = "fm_";
/// The most characters of a token's name.
const NAME_MAX: usize = 60;
/// The most tokens of one person.
const MOST: i64 = 50;
/// How long a token is good for when nothing else is said, in days.
const DEFAULT_DAYS: i64 = 365;
/// How long a token may be good for, in days.
const LONGEST_DAYS: i64 = 3650;

/// What a token is to be.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct TokenForm {
    /// What it is for, in its owner's words.
    #[serde(default)]
    #[schema(required, example = "my backup script", value_type = String)]
    pub name: Given<String>,
    /// After how many days it ends; 365 unless said.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub expires_in_days: Given<i64>,
}

/// A new token: the one time that its secret is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewToken {
    /// To be sent as `Authorization: Bearer`.
    pub token: String,
    /// By which it can be revoked.
    pub id: SessionId,
    /// What it is for.
    pub name: String,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Time,
}

/// A token as its owner sees it later.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    /// By which it can be revoked.
    pub id: SessionId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last used, give or take ten minutes; absent when never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Time>,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Time,
}

/// Makes a token.
///
/// # Errors
/// `Invalid` for the form; `Conflict` when the person has as many as one may have.
pub async fn make(app: &App, me: &Me, form: TokenForm) -> Result<NewToken> {
    let mut checks = Checks::default();
    let name = checks.required("name", form.name, |text| fields::line(&text, NAME_MAX));
    let days = checks.optional("expires_in_days", form.expires_in_days, |days| match days {
        1..=LONGEST_DAYS => Ok(days),
        _ => Err(format!("From 1 to {LONGEST_DAYS} days.")),
    });
    let (name, days) = checks.finish(name.zip(days))?;
    let now = app.now();
    let expires_at = now + days.unwrap_or(DEFAULT_DAYS) * 24 * 60 * 60 * 1000;
    let token = format!("{PREFIX}{}", app.random.token()?.text);
    let session = NewSession {
        id: SessionId(app.new_id()?),
        user: me.id,
        kind: SessionKind::Bearer,
        name: name.clone(),
        secret_hash: hash_token(&token),
        at: now,
        expires_at,
    };
    let id = session.id;
    let mut write = Write::new(Some(me.id.0), now);
    write.push(queries::fewer_tokens_than(me.id, MOST).expect_rows(1).or(FULL));
    write.push(queries::insert(session).expect_rows(1).or(BANNED));
    match app.commit(write).await {
        Ok(_) => Ok(NewToken { token, id, name, expires_at: Time(expires_at) }),
        Err(error) => Err(match outcomes::missed(error)? {
            FULL => Error::Conflict(
                "too_many_tokens",
                format!("You have {MOST} tokens already. Revoke some first."),
            ),
            other => outcomes::refusal(other),
        }),
    }
}

/// The tokens of a person, the last used first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(app: &App, me: &Me) -> Result<Vec<Token>> {
    let rows = queries::of(&app.db, me.id, SessionKind::Bearer, app.now()).await?;
    let token = |row: queries::SessionRow| Token {
        id: row.id,
        name: row.name,
        created_at: Time(row.created_at),
        last_used_at: (row.last_used_at > row.created_at).then_some(Time(row.last_used_at)),
        expires_at: Time(row.expires_at),
    };
    Ok(rows.into_iter().map(token).collect())
}
