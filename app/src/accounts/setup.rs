//! Setting the place up: the first administrator, by a link that the first start prints. There is no default password.

use std::sync::atomic::{AtomicBool, Ordering};

use super::checks::Checks;
use super::hashing::Hashing;
use super::links::{self, LinkForm};
use super::model::{LinkId, Purpose, Role, UserId};
use super::outcomes::{self, GONE, SO_ALREADY, TAKEN};
use super::queries::{links as queries, users};
use super::sessions::{self, SignedIn};
use super::visitor::Visitor;
use super::{events, fields, register, site};
use crate::core::events::Write;
use crate::core::parts::Part;
use crate::core::{App, Error, Result};

/// Whether somebody runs the place; once so, always so, since the last administrator cannot step down.
#[derive(Default)]
struct Done(AtomicBool);

impl Part for Done {
    fn make(_: &App) -> Result<Self> {
        Ok(Self::default())
    }
}

/// Whether nobody runs the place yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_needed(app: &App) -> Result<bool> {
    let done = app.part::<Done>()?;
    if !done.0.load(Ordering::Relaxed) {
        done.0.store(users::has_admin(&app.db).await?, Ordering::Relaxed);
    }
    Ok(!done.0.load(Ordering::Relaxed))
}

/// A new link to set the place up, while nobody runs it; the one of an earlier start ends. To be printed at the start.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn link(app: &App) -> Result<Option<String>> {
    if !is_needed(app).await? {
        return Ok(None);
    }
    let (link, answer) = links::new(app, Purpose::Setup, None)?;
    let mut write = Write::new(None, app.now());
    write.push(queries::delete_setup());
    write.push(queries::insert(link));
    app.commit(write).await?;
    Ok(Some(answer.url))
}

/// Makes the first administrator, perhaps names the community, and signs them in.
pub(super) async fn found(app: &App, visitor: Visitor, link: LinkId, form: LinkForm) -> Result<SignedIn> {
    let minimum_age = site::site(app).await?.minimum_age;
    let mut checks = Checks::default();
    let community =
        checks.optional("community_name", form.community_name, |text| site::name(&text)).flatten();
    let (keys, person) = form.person.check(&mut checks, fields::staff_nickname, minimum_age);
    let person = register::finish(&app.db, checks, &keys, person, None).await?;
    let hash = app.part::<Hashing>()?.place(visitor.asker())?.hash(person.password.clone()).await?;

    let id = UserId(app.new_id()?);
    let mut write = Write::new(Some(id.0), app.now());
    write.push(queries::use_up(link, app.now()).expect_rows(1).or(GONE));
    write.push(users::no_admin_yet().or(SO_ALREADY));
    for step in register::account(app, id, Role::Admin, &person, &keys, &hash) {
        write.push(step);
    }
    if let Some(name) = community {
        write.push(site::set_name(&name));
    }
    // Named or not, it is set up from now on.
    write.record(events::site_changed());
    let begun = sessions::begin(app, &mut write, &visitor, id)?;
    match app.commit(write).await {
        Ok(_) => SignedIn::of(app, visitor, begun).await,
        Err(error) => Err(match outcomes::missed(error)? {
            GONE => links::gone(),
            SO_ALREADY => {
                Error::Conflict("set_up_already", String::from("Somebody runs this place already. Sign in."))
            }
            TAKEN => register::taken_meanwhile(&app.db, &keys).await?,
            other => outcomes::refusal(other),
        }),
    }
}
