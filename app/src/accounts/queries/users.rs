//! The table of accounts.

use folkmoot_store::{Bound, Expect, Step, Texts, row, sql};

use crate::accounts::model::{Role, Standing, UserId};
use crate::core::Result;
use crate::core::read::Read;

row! {
    /// What is shown of a person wherever they appear.
    #[derive(Clone, Debug)]
    pub(crate) struct PersonRow {
        pub(crate) id: UserId,
        pub(crate) nickname: String,
        pub(crate) nickname_key: String,
        pub(crate) role: Role,
    }
}

row! {
    /// An account, all but its password.
    #[derive(Clone, Debug)]
    pub(crate) struct AccountRow {
        pub(crate) id: UserId,
        pub(crate) nickname: String,
        pub(crate) nickname_key: String,
        pub(crate) email: Option<String>,
        pub(crate) role: Role,
        pub(crate) standing: Standing,
        pub(crate) bio: String,
        pub(crate) settings: String,
        pub(crate) thread_count: i64,
        pub(crate) post_count: i64,
        pub(crate) like_count: i64,
        pub(crate) created_at: i64,
        pub(crate) last_seen_at: Option<i64>,
        pub(crate) version: i64,
        pub(crate) age: Option<i64>,
        pub(crate) age_stated_at: Option<i64>,
        pub(crate) gender: Option<String>,
        pub(crate) first_name: Option<String>,
        pub(crate) last_name: Option<String>,
        pub(crate) claimed: bool,
    }
}

row! {
    /// What signing in needs to know.
    #[derive(Clone, Debug)]
    pub(crate) struct CredentialRow {
        pub(crate) id: UserId,
        pub(crate) password_hash: Option<String>,
        pub(crate) standing: Standing,
    }
}

/// An imported account without an e-mail address waits for its owner.
macro_rules! account {
    ($rest:literal) => {
        concat!(
            "SELECT id, nickname, nickname_key, email, role, standing, bio, settings, thread_count, post_count,
                like_count, created_at, last_seen_at, version, age, age_stated_at, gender, first_name, last_name,
                (source IS NULL OR email_key IS NOT NULL) AS claimed
            FROM users ",
            $rest
        )
    };
}

sql! {
    /// People by their ids.
    static PEOPLE: (folkmoot_store::Ids) -> PersonRow =
        "SELECT id, nickname, nickname_key, role FROM users WHERE id IN {ids:$1}";
    /// People by the keys of their nicknames.
    static PEOPLE_BY_KEY: (Texts) -> PersonRow =
        "SELECT id, nickname, nickname_key, role FROM users WHERE nickname_key IN {texts:$1}";
    /// An account by its id.
    static ACCOUNT: (UserId) -> AccountRow = account!("WHERE id = $1");
    /// An account by the key of its nickname.
    pub(crate) static ACCOUNT_BY_KEY: (String) -> AccountRow = account!("WHERE nickname_key = $1");
    /// The directory, after a nickname.
    static DIRECTORY: (String, i64) -> AccountRow = account!("WHERE nickname_key > $1 ORDER BY nickname_key LIMIT $2");
    /// The directory, of nicknames that hold some words.
    static DIRECTORY_OF: (String, String, i64) -> AccountRow =
        account!("WHERE nickname_key > $1 AND nickname_key LIKE $2 ESCAPE '\\' ORDER BY nickname_key LIMIT $3");
    /// The directory for administrators, who also look for addresses.
    static ADMIN_DIRECTORY_OF: (String, String, i64) -> AccountRow =
        account!("WHERE nickname_key > $1 AND (nickname_key LIKE $2 ESCAPE '\\' OR email_key LIKE $2 ESCAPE '\\')
            ORDER BY nickname_key LIMIT $3");
    /// Who signs in with a nickname.
    pub(crate) static CREDENTIAL_BY_NICKNAME: (String) -> CredentialRow =
        "SELECT id, password_hash, standing FROM users WHERE nickname_key = $1";
    /// Who signs in with an e-mail address.
    pub(crate) static CREDENTIAL_BY_EMAIL: (String) -> CredentialRow =
        "SELECT id, password_hash, standing FROM users WHERE email_key = $1";
    /// The password of an account.
    static CREDENTIAL: (UserId) -> CredentialRow = "SELECT id, password_hash, standing FROM users WHERE id = $1";
    /// Which of two names somebody has already, other than one account.
    static TAKEN: (String, String, UserId) -> (bool, bool) =
        "SELECT EXISTS (SELECT 1 FROM users WHERE nickname_key = $1 AND id <> $3),
            EXISTS (SELECT 1 FROM users WHERE email_key = $2 AND id <> $3)";
    /// Whether anybody runs the place.
    static HAS_ADMIN: () -> bool = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')";
    /// Whether anybody else runs the place.
    static HAS_OTHER_ADMIN: (UserId) -> bool =
        "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND standing = 'good' AND id <> $1)";
    /// A row when nobody runs the place yet.
    static NO_ADMIN_YET: () -> i64 = "SELECT CAST(1 AS BIGINT) WHERE NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin')";
    /// A row while this person runs the place.
    static STILL_ADMIN: (UserId) -> i64 =
        "SELECT id FROM users WHERE id = $1 AND role = 'admin' AND standing = 'good'";
    /// A new account; nothing when one of its names is taken.
    static INSERT: (UserId, String, String, Option<String>, Option<String>, Option<String>, Role, String, i64) =
        "INSERT INTO users (id, nickname, nickname_key, email, email_key, password_hash, role, standing, bio, settings,
            thread_count, post_count, like_count, all_read_at, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'good', '', $8, 0, 0, 0, $9, $9, 1)
        ON CONFLICT DO NOTHING";
    /// What a person says of themselves.
    static SET_PERSONAL: (UserId, i64, i64, String, String, String) =
        "UPDATE users SET age = $2, age_stated_at = $3, gender = $4, first_name = $5, last_name = $6 WHERE id = $1";
    /// An imported account gets its owner's address and password, unless somebody else has that address.
    static CLAIM: (UserId, String, String, String) =
        "UPDATE users SET email = $2, email_key = $3, password_hash = $4, version = version + 1
        WHERE id = $1 AND email_key IS NULL AND standing = 'good'
            AND NOT EXISTS (SELECT 1 FROM users WHERE email_key = $3)";
    /// What a person may change of their own account, if it is still as it was read.
    static UPDATE: (UserId, i64, String, String, Option<i64>, Option<i64>, Option<String>, Option<String>, Option<String>) =
        "UPDATE users SET bio = $3, settings = $4, age = $5, age_stated_at = $6, gender = $7, first_name = $8,
            last_name = $9, version = version + 1
        WHERE id = $1 AND version = $2";
    /// A new password.
    static SET_PASSWORD: (UserId, String) = "UPDATE users SET password_hash = $2 WHERE id = $1 AND standing = 'good'";
    /// A new hash in place of an old one.
    static REPLACE_HASH: (UserId, String, String) =
        "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    /// A role and a standing, if the account is still as it was read.
    static SET_RIGHTS: (UserId, i64, Role, Standing) =
        "UPDATE users SET role = $3, standing = $4, version = version + 1 WHERE id = $1 AND version = $2";
    /// When a person was last here.
    static SEEN: (UserId, i64) = "UPDATE users SET last_seen_at = $2 WHERE id = $1";
}

/// People by their ids; those who are not there are left out.
pub(crate) async fn people(db: &impl Read, ids: impl IntoIterator<Item = UserId>) -> Result<Vec<PersonRow>> {
    Ok(db.all(PEOPLE.with((UserId::list(ids),))).await?)
}

/// People by the keys of their nicknames.
pub(crate) async fn people_by_key(db: &impl Read, keys: Vec<String>) -> Result<Vec<PersonRow>> {
    Ok(db.all(PEOPLE_BY_KEY.with((Texts(keys),))).await?)
}

/// An account.
pub(crate) async fn account(db: &impl Read, id: UserId) -> Result<Option<AccountRow>> {
    Ok(db.maybe(ACCOUNT.with((id,))).await?)
}

/// An account by the key of its nickname.
pub(crate) async fn account_by_key(db: &impl Read, key: &str) -> Result<Option<AccountRow>> {
    Ok(db.maybe(ACCOUNT_BY_KEY.with((key,))).await?)
}

/// Accounts in the order of their nicknames, after one of them; `like` is a pattern.
pub(crate) async fn directory(
    db: &impl Read,
    after: &str,
    like: Option<&str>,
    limit: i64,
) -> Result<Vec<AccountRow>> {
    Ok(match like {
        Some(like) => db.all(DIRECTORY_OF.with((after, like, limit))).await?,
        None => db.all(DIRECTORY.with((after, limit))).await?,
    })
}

/// As [`directory`]; the pattern also finds e-mail addresses.
pub(crate) async fn admin_directory(
    db: &impl Read,
    after: &str,
    like: Option<&str>,
    limit: i64,
) -> Result<Vec<AccountRow>> {
    Ok(match like {
        Some(like) => db.all(ADMIN_DIRECTORY_OF.with((after, like, limit))).await?,
        None => db.all(DIRECTORY.with((after, limit))).await?,
    })
}

/// Who signs in with this: an e-mail address has an `@`, a nickname never has.
pub(crate) async fn credential_of(db: &impl Read, identifier_key: &str) -> Result<Option<CredentialRow>> {
    let by = if identifier_key.contains('@') { &CREDENTIAL_BY_EMAIL } else { &CREDENTIAL_BY_NICKNAME };
    Ok(db.maybe(by.with((identifier_key,))).await?)
}

/// The password of an account.
pub(crate) async fn credential(db: &impl Read, id: UserId) -> Result<Option<CredentialRow>> {
    Ok(db.maybe(CREDENTIAL.with((id,))).await?)
}

/// Which of a nickname and an e-mail address (as keys) accounts other than `except` have already.
pub(crate) async fn taken(
    db: &impl Read,
    nickname_key: &str,
    email_key: &str,
    except: Option<UserId>,
) -> Result<(bool, bool)> {
    Ok(db.one(TAKEN.with((nickname_key, email_key, except.unwrap_or(UserId(0))))).await?)
}

/// Whether anybody runs the place.
pub(crate) async fn has_admin(db: &impl Read) -> Result<bool> {
    Ok(db.one(HAS_ADMIN.with(())).await?)
}

/// Whether anybody but this person runs the place.
pub(crate) async fn has_other_admin(db: &impl Read, but: UserId) -> Result<bool> {
    Ok(db.one(HAS_OTHER_ADMIN.with((but,))).await?)
}

/// Guard: nobody runs the place yet.
pub(crate) fn no_admin_yet() -> Expect {
    NO_ADMIN_YET.with(()).expect_rows(1)
}

/// Guard: this person still runs the place.
pub(crate) fn still_admin(id: UserId) -> Step {
    STILL_ADMIN.with((id,)).expect_rows(1).or(super::super::outcomes::NOT_ALLOWED)
}

/// An account to be made.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: UserId,
    pub(crate) nickname: &'a str,
    pub(crate) nickname_key: &'a str,
    pub(crate) email: &'a str,
    pub(crate) email_key: &'a str,
    pub(crate) password_hash: Option<&'a str>,
    pub(crate) role: Role,
    pub(crate) settings: String,
    pub(crate) created_at: i64,
}

/// A new account; no row when one of its names is taken.
pub(crate) fn insert(new: NewAccount<'_>) -> Bound<()> {
    INSERT.with((
        new.id,
        new.nickname,
        new.nickname_key,
        new.email,
        new.email_key,
        new.password_hash,
        new.role,
        new.settings,
        new.created_at,
    ))
}

/// What a person says of themselves, at a time.
pub(crate) fn set_personal(
    id: UserId,
    personal: &crate::accounts::registration::Personal,
    at: i64,
) -> Bound<()> {
    let crate::accounts::registration::Personal { age, gender, first_name, last_name } = personal;
    SET_PERSONAL.with((id, *age, at, gender, first_name, last_name))
}

/// An imported account gets its owner's address and password; no row when it has an owner, or the address has.
pub(crate) fn claim(id: UserId, email: &str, email_key: &str, password_hash: &str) -> Bound<()> {
    CLAIM.with((id, email, email_key, password_hash))
}

/// The account as changed by its owner; no row when it changed meanwhile.
pub(crate) fn update(account: &AccountRow) -> Bound<()> {
    let account = account.clone();
    UPDATE.with((
        account.id,
        account.version,
        account.bio,
        account.settings,
        account.age,
        account.age_stated_at,
        account.gender,
        account.first_name,
        account.last_name,
    ))
}

/// A new password; no row when the account is banned or gone.
pub(crate) fn set_password(id: UserId, hash: &str) -> Bound<()> {
    SET_PASSWORD.with((id, hash))
}

/// A new hash in place of the one that was verified.
pub(crate) fn replace_hash(id: UserId, old: &str, new: &str) -> Bound<()> {
    REPLACE_HASH.with((id, old, new))
}

/// A role and a standing; no row when the account changed meanwhile.
pub(crate) fn set_rights(id: UserId, version: i64, role: Role, standing: Standing) -> Bound<()> {
    SET_RIGHTS.with((id, version, role, standing))
}

/// When a person was last here.
pub(crate) fn seen(id: UserId, at: i64) -> Bound<()> {
    SEEN.with((id, at))
}
