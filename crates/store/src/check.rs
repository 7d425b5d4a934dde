//! Our compile-time check, for two databases: every declared statement is prepared on the real schema,
//! and its parameters and columns are compared with what the Rust side believes.

use crate::{
    db::Db,
    sql::{STATEMENTS, SqlInfo},
};

/// What the engine says about a prepared statement.
pub(crate) struct Prepared {
    /// The parameters' types; on SQLite, which has none, only how many.
    pub(crate) params: Vec<Option<String>>,
    pub(crate) columns: Vec<(String, Option<String>)>,
}

/// How many statements were prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// All of them.
    pub statements: usize,
    /// Those marked by `dialect!`, to be counted by whoever wants them to stay few.
    pub dialect: usize,
}

/// Prepares every statement of the program.
///
/// # Errors
/// What is wrong with which, a line each.
pub async fn prepare_all(db: &Db) -> Result<Checked, Vec<String>> {
    prepare(db, STATEMENTS.iter().copied()).await
}

/// Prepares the given statements.
///
/// # Errors
/// What is wrong with which, a line each.
pub async fn prepare(
    db: &Db,
    statements: impl IntoIterator<Item = &'static SqlInfo>,
) -> Result<Checked, Vec<String>> {
    let mut checked = Checked { statements: 0, dialect: 0 };
    let mut wrong = Vec::new();
    for info in statements {
        checked.statements += 1;
        checked.dialect += usize::from(info.is_dialect());
        let engine = db.engine();
        let say = |why: String| format!("{}::{} on {engine:?}: {why}", info.module, info.name);
        match inspect(db, info).await {
            Ok(prepared) => wrong.extend(differences(info, &prepared).into_iter().map(say)),
            Err(error) => wrong.push(say(error.to_string())),
        }
    }
    if wrong.is_empty() { Ok(checked) } else { Err(wrong) }
}

async fn inspect(db: &Db, info: &'static SqlInfo) -> Result<Prepared, crate::Error> {
    match db {
        Db::Sqlite(db) => db.inspect(info).await,
        Db::Postgres(db) => db.inspect(info).await,
    }
}

fn differences(info: &SqlInfo, prepared: &Prepared) -> Vec<String> {
    let mut wrong = Vec::new();
    if prepared.params.len() != info.params.len() {
        wrong.push(format!(
            "it has {} parameters, {} are declared",
            prepared.params.len(),
            info.params.len()
        ));
    }
    for (number, (found, declared)) in prepared.params.iter().zip(info.params).enumerate() {
        if let Some(found) = found
            && found != declared.name()
        {
            wrong.push(format!("${} is {found}, declared is {}", number + 1, declared.name()));
        }
    }
    if prepared.columns.len() != info.columns.len() {
        wrong.push(format!("it has {} columns, {} are declared", prepared.columns.len(), info.columns.len()));
    }
    for (number, ((found, ty), declared)) in prepared.columns.iter().zip(info.columns).enumerate() {
        if let Some(ty) = ty
            && ty != declared.ty.name()
        {
            wrong.push(format!(
                "column {} ({found}) is {ty}, declared is {}",
                number + 1,
                declared.ty.name()
            ));
        }
        if let Some(declared) = declared.name
            && found != declared
        {
            wrong.push(format!("column {} is named {found}, declared is {declared}", number + 1));
        }
    }
    wrong
}
