//! Registering: somebody makes an account for themselves and is signed in.

use folkmoot_store::{Db, Step};

use super::checks::Checks;
use super::fields;
use super::hashing::Hashing;
use super::model::{Role, Settings, UserId};
use super::outcomes::{self, TAKEN};
use super::queries::users::{self, NewAccount};
use super::registration::{Keys, NewPerson, RegistrationForm};
use super::sessions::{self, SignedIn};
use super::site::{self, Registration};
use super::visitor::Visitor;
use crate::core::error::Fields;
use crate::core::events::Write;
use crate::core::{App, Error, Result};

/// Makes an account from a form and signs its owner in.
///
/// # Errors
/// `Invalid` with everything that is wrong with the form, `Taken` when all is right but a name is somebody's already,
/// `Forbidden` when strangers may not register, `Busy` when the queue for hashing is full.
pub async fn register(app: &App, visitor: Visitor, form: RegistrationForm) -> Result<SignedIn> {
    let site = site::site(app).await?;
    if site.registration == Registration::Closed {
        let why = "Registration is closed. Ask those who run the place for an account.";
        return Err(Error::Forbidden("registration_closed", why.to_owned()));
    }
    let mut checks = Checks::default();
    let (keys, person) = form.check(&mut checks, fields::nickname, site.minimum_age);
    let person = finish(&app.db, checks, &keys, person, None).await?;
    let hash = app.part::<Hashing>()?.place(visitor.asker())?.hash(person.password.clone()).await?;

    let id = UserId(app.new_id()?);
    let mut write = Write::new(Some(id.0), app.now());
    for step in account(app, id, Role::Member, &person, &keys, &hash) {
        write.push(step);
    }
    let begun = sessions::begin(app, &mut write, &visitor, id)?;
    match app.commit(write).await {
        Ok(_) => SignedIn::of(app, visitor, begun).await,
        Err(error) => match outcomes::missed(error)? {
            TAKEN => Err(taken_meanwhile(&app.db, &keys).await?),
            other => Err(outcomes::refusal(other)),
        },
    }
}

/// The person of a form, if nothing is wrong with it and its names are free; what is wrong is told all at once.
pub(super) async fn finish(
    db: &Db,
    mut checks: Checks,
    keys: &Keys,
    person: Option<NewPerson>,
    except: Option<UserId>,
) -> Result<NewPerson> {
    let taken = taken(db, keys, except).await?;
    if checks.are_clean() && !taken.is_empty() {
        return Err(Error::Taken(taken));
    }
    checks.extend(taken);
    checks.finish(person)
}

async fn taken(db: &Db, keys: &Keys, except: Option<UserId>) -> Result<Fields> {
    let (nickname, email) = users::taken(db, &keys.nickname, &keys.email, except).await?;
    let mut fields = Fields::new();
    if nickname {
        fields.insert("nickname".into(), String::from("Somebody has this nickname already."));
    }
    if email {
        fields.insert("email".into(), String::from("There is an account with this address already."));
    }
    Ok(fields)
}

/// Which name somebody else was faster with.
pub(super) async fn taken_meanwhile(db: &Db, keys: &Keys) -> Result<Error> {
    let fields = taken(db.primary(), keys, None).await?;
    Ok(if fields.is_empty() { outcomes::refusal(outcomes::CHANGED) } else { Error::Taken(fields) })
}

/// A new account with all that its owner says of themselves.
pub(super) fn account(
    app: &App,
    id: UserId,
    role: Role,
    person: &NewPerson,
    keys: &Keys,
    hash: &str,
) -> [Step; 2] {
    let now = app.now();
    let new = NewAccount {
        id,
        nickname: &person.nickname,
        nickname_key: &keys.nickname,
        email: &person.email,
        email_key: &keys.email,
        password_hash: Some(hash),
        role,
        settings: Settings::default().store(),
        created_at: now,
    };
    [users::insert(new).expect_rows(1).or(TAKEN), users::set_personal(id, &person.personal, now).into()]
}
