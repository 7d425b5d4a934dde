//! One's own account: reading it, and changing what one says of oneself.

use serde::Deserialize;
use utoipa::ToSchema;

use super::actor::Me;
use super::checks::{Checks, Given};
use super::events;
use super::fields;
use super::model::{MessagesFrom, Settings, Theme};
use super::outcomes::{self, CHANGED};
use super::people::{self, MyAccount, age_today};
use super::queries::users::{self, AccountRow};
use super::site;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// How often a change is tried again when the account changed meanwhile (in another window).
const TRIES: usize = 3;

/// What is to be otherwise; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct ProfileForm {
    /// What one tells of oneself, in Markdown; at most 2,000 characters, may be empty.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub bio: Given<String>,
    /// First name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub first_name: Given<String>,
    /// Last name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub last_name: Given<String>,
    /// In one's own words.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub gender: Given<String>,
    /// In years, today.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub age: Given<i64>,
    /// What one chooses for the client.
    #[serde(default)]
    #[schema(value_type = Option<SettingsForm>)]
    pub settings: Given<SettingsForm>,
}

/// What is to be otherwise in the client; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(default)]
pub struct SettingsForm {
    /// The colours.
    pub theme: Option<Theme>,
    /// Whether Enter sends what is written.
    pub enter_sends: Option<bool>,
    /// Whether others see how far one has read a conversation.
    pub receipts: Option<bool>,
    /// Whether others see that one is writing.
    pub typing: Option<bool>,
    /// Who may begin to write to one.
    pub messages_from: Option<MessagesFrom>,
}

/// One's own account.
///
/// # Errors
/// When the database cannot be read.
pub async fn me(app: &App, me: &Me) -> Result<MyAccount> {
    people::my_account(app, me.id).await
}

/// Changes one's own account.
///
/// # Errors
/// `Invalid` with everything that is wrong with the form.
pub async fn change(app: &App, me: &Me, form: ProfileForm) -> Result<MyAccount> {
    let minimum_age = site::site(app).await?.minimum_age;
    for _ in 0..TRIES {
        let mut account = users::account(&app.db, me.id).await?.ok_or(Error::SignInNeeded)?;
        let bio = account.bio.clone();
        apply(form.clone(), &mut account, minimum_age, app.now())?;
        let mut write = Write::new(Some(me.id.0), app.now());
        write.push(users::update(&account).expect_rows(1).or(CHANGED));
        if account.bio != bio {
            write.record(events::person_changed(me.id, account.version + 1));
        }
        match app.commit(write).await {
            Ok(_) => return people::my_account(app, me.id).await,
            Err(error) => {
                outcomes::missed(error)?;
            }
        }
    }
    Err(outcomes::refusal(CHANGED))
}

fn apply(form: ProfileForm, account: &mut AccountRow, minimum_age: u32, now: i64) -> Result<()> {
    let mut checks = Checks::default();
    let bio = checks.optional("bio", form.bio, |text| fields::bio(&text)).flatten();
    let gender = checks.optional("gender", form.gender, |text| fields::gender(&text)).flatten();
    let first_name = checks.optional("first_name", form.first_name, |text| fields::name(&text)).flatten();
    let last_name = checks.optional("last_name", form.last_name, |text| fields::name(&text)).flatten();
    let age = checks.optional("age", form.age, |years| fields::age(years, minimum_age)).flatten();
    let settings = checks.optional("settings", form.settings, Ok::<_, String>).flatten();
    checks.finish(Some(()))?;

    account.bio = bio.unwrap_or_else(|| std::mem::take(&mut account.bio));
    account.gender = gender.or(account.gender.take());
    account.first_name = first_name.or(account.first_name.take());
    account.last_name = last_name.or(account.last_name.take());
    // Saying again what is true anyway does not move the day from which the age goes on.
    if let Some(age) = age
        && age_today(account.age, account.age_stated_at, now) != Some(age)
    {
        (account.age, account.age_stated_at) = (Some(age), Some(now));
    }
    if let Some(chosen) = settings {
        let mut settings = Settings::load(&account.settings);
        settings.theme = chosen.theme.unwrap_or(settings.theme);
        settings.enter_sends = chosen.enter_sends.unwrap_or(settings.enter_sends);
        settings.receipts = chosen.receipts.unwrap_or(settings.receipts);
        settings.typing = chosen.typing.unwrap_or(settings.typing);
        settings.messages_from = chosen.messages_from.unwrap_or(settings.messages_from);
        account.settings = settings.store();
    }
    Ok(())
}
