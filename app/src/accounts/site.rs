//! The community's name and its rules: as the operator set them, until an administrator changes them here.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{Checks, Given};
use super::fields;
use super::permissions::Permission;
use super::queries::users;
use super::setup;
use super::{Actor, events, outcomes};
use crate::config;
use crate::core::basis::{Basis, Reading};
use crate::core::events::Write;
use crate::core::parts::Part;
use crate::core::{App, Result, meta};

/// The most characters of the community's name.
const NAME_MAX: usize = 60;
/// The most characters of the line below it.
const TAGLINE_MAX: usize = 160;

const NAME: &str = "site.name";
const TAGLINE: &str = "site.tagline";
const REGISTRATION: &str = "site.registration";
const MINIMUM_AGE: &str = "site.minimum_age";

/// Whether strangers may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Everybody may.
    Open,
    /// Only administrators make accounts.
    Closed,
}

/// The community as everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// A line that says what it is about; may be empty.
    pub tagline: String,
    /// Whether nobody runs the place yet.
    pub setup_needed: bool,
    /// Whether strangers may make an account.
    pub registration: Registration,
    /// The lowest age at which one may, in years.
    pub minimum_age: u32,
}

/// What is to be otherwise; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct SiteForm {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub name: Given<String>,
    /// The line below it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub tagline: Given<String>,
    /// Whether strangers may make an account.
    #[serde(default)]
    #[schema(value_type = Option<Registration>)]
    pub registration: Given<Registration>,
    /// The lowest age at which one may, in years.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    pub minimum_age: Given<u32>,
}

/// The community's name as it was last read: for pages that must be shown when the database does not answer.
#[derive(Default)]
struct KnownName(RwLock<Option<Arc<str>>>);

impl Part for KnownName {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// The community's name as this process last read it: it is read with every page, and once a minute.
pub fn known_name(app: &App) -> Arc<str> {
    let known = app.part::<KnownName>().ok();
    let known = known.and_then(|known| known.0.read().unwrap_or_else(PoisonError::into_inner).clone());
    known.unwrap_or_else(|| app.config.community.name.as_str().into())
}

/// The community now.
///
/// # Errors
/// When the database cannot be read.
pub async fn site(app: &App) -> Result<Site> {
    let defaults = &app.config.community;
    let mut site = Site {
        name: defaults.name.clone(),
        tagline: String::new(),
        setup_needed: setup::is_needed(app).await?,
        registration: match defaults.registration {
            config::Registration::Open => Registration::Open,
            config::Registration::Closed => Registration::Closed,
        },
        minimum_age: defaults.minimum_age,
    };
    for (key, value) in meta::values(&app.db, "site").await? {
        match key.as_str() {
            NAME => site.name = value,
            TAGLINE => site.tagline = value,
            REGISTRATION => {
                site.registration = if value == "closed" { Registration::Closed } else { Registration::Open }
            }
            MINIMUM_AGE => site.minimum_age = value.parse().unwrap_or(site.minimum_age),
            _ => {}
        }
    }
    let known = app.part::<KnownName>()?;
    *known.0.write().unwrap_or_else(PoisonError::into_inner) = Some(site.name.as_str().into());
    Ok(site)
}

/// What a page that shows the community rests on, which was read `as_of` or later.
pub fn basis(app: &App, shown: &Site, as_of: Instant) -> Basis {
    // Pages carry the name of this history, too.
    let reading = Reading::new(&(shown, app.epoch()), as_of);
    Basis::read_by(reading, Vec::new(), |app| async move {
        let as_of = Instant::now();
        Ok(Reading::new(&(site(&app).await?, app.epoch()), as_of))
    })
}

/// Changes the community's name or rules.
///
/// # Errors
/// `Forbidden` unless the actor is an administrator; `Invalid` for the form.
pub async fn change(app: &App, actor: &Actor, form: SiteForm) -> Result<Site> {
    let me = actor.require(Permission::ManageSite)?;
    let mut write = Write::new(Some(me.id.0), app.now());
    write.push(users::still_admin(me.id));
    for (key, value) in check(form)? {
        write.push(meta::set(key, &value));
    }
    write.record(events::site_changed());
    match app.commit(write).await {
        Ok(_) => site(app).await,
        Err(error) => Err(outcomes::refusal(outcomes::missed(error)?)),
    }
}

fn check(form: SiteForm) -> Result<Vec<(&'static str, String)>> {
    let mut checks = Checks::default();
    let name = checks.optional("name", form.name, |text| name(&text));
    let tagline =
        checks.optional("tagline", form.tagline, |text| fields::line_or_nothing(&text, TAGLINE_MAX));
    let registration = checks.optional("registration", form.registration, |choice| {
        Ok(String::from(if choice == Registration::Closed { "closed" } else { "open" }))
    });
    let minimum_age = checks.optional("minimum_age", form.minimum_age, |years| match i64::from(years) {
        0..=fields::AGE_MAX => Ok(years.to_string()),
        _ => Err(format!("From 0 to {} years.", fields::AGE_MAX)),
    });
    let values = [(NAME, name), (TAGLINE, tagline), (REGISTRATION, registration), (MINIMUM_AGE, minimum_age)];
    let changed = values.into_iter().filter_map(|(key, value)| Some((key, value.flatten()?))).collect();
    checks.finish(Some(changed))
}

/// The rule for the community's name.
///
/// # Errors
/// What would be right.
pub(super) fn name(text: &str) -> fields::Checked<String> {
    fields::line(text, NAME_MAX)
}

/// Gives the community its name, as part of a write.
pub(super) fn set_name(name: &str) -> folkmoot_store::Bound<()> {
    meta::set(NAME, name)
}
