//! Values and errors between the store and tokio-postgres.

use std::error::Error as StdError;

use bytes::BytesMut;
use tokio_postgres::{
    error::SqlState,
    types::{IsNull, ToSql, Type as SqlType, WrongType, to_sql_checked},
};

use crate::{
    error::{CommitError, Constraint, Error},
    row::absent,
    value::{Type, Value, ValueRef},
};

impl ToSql for Value {
    fn to_sql(&self, ty: &SqlType, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(v) => checked(v, ty, out),
            Value::Float(v) if v.is_nan() => Err("a number is not a number".into()),
            Value::Float(v) => checked(v, ty, out),
            Value::Bool(v) => checked(v, ty, out),
            Value::Text(v) => checked(v, ty, out),
            Value::Bytes(v) => checked(&&v[..], ty, out),
            Value::Ids(v) => checked(v, ty, out),
            Value::Texts(v) => checked(v, ty, out),
        }
    }

    fn accepts(_: &SqlType) -> bool {
        // Each value is checked on its own above.
        true
    }

    to_sql_checked!();
}

fn checked<T: ToSql>(
    value: &T,
    ty: &SqlType,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
    if T::accepts(ty) { value.to_sql(ty, out) } else { Err(Box::new(WrongType::new::<T>(ty.clone()))) }
}

/// The store's name for an engine's type, if it is one of ours.
fn type_of(ty: &SqlType) -> Option<Type> {
    Some(match *ty {
        SqlType::INT8 => Type::Int,
        SqlType::FLOAT8 => Type::Float,
        SqlType::BOOL => Type::Bool,
        SqlType::TEXT => Type::Text,
        SqlType::BYTEA => Type::Bytes,
        SqlType::INT8_ARRAY => Type::IdList,
        SqlType::TEXT_ARRAY => Type::TextList,
        _ => return None,
    })
}

/// The column of a row.
pub(crate) fn column(row: &tokio_postgres::Row, index: usize) -> Result<ValueRef<'_>, Error> {
    let ty = row.columns().get(index).ok_or_else(|| absent(index))?.type_();
    let read = match type_of(ty) {
        Some(Type::Int) => row.try_get::<_, Option<i64>>(index).map(|v| v.map(ValueRef::Int)),
        Some(Type::Float) => row.try_get::<_, Option<f64>>(index).map(|v| v.map(ValueRef::Float)),
        Some(Type::Bool) => row.try_get::<_, Option<bool>>(index).map(|v| v.map(ValueRef::Bool)),
        Some(Type::Text) => row.try_get::<_, Option<&str>>(index).map(|v| v.map(ValueRef::Text)),
        Some(Type::Bytes) => row.try_get::<_, Option<&[u8]>>(index).map(|v| v.map(ValueRef::Bytes)),
        _ => return Err(Error::Invalid(format!("column {} is {ty}, which is not one of ours", index + 1))),
    };
    Ok(read.map_err(|error| Error::Invalid(error.to_string()))?.unwrap_or(ValueRef::Null))
}

/// What a failed statement means.
pub(crate) enum Trouble {
    /// It concerns this batch or read alone.
    Own(CommitError),
    /// Try the whole transaction again: deadlock, serialisation failure.
    Again(String),
    /// Try it again with statements prepared anew: these are from before a migration.
    Stale(String),
    /// The connection is gone.
    Lost(String),
    /// It took longer than it may.
    TimedOut,
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let on_the_wire =
                error.is_closed() || error.source().is_some_and(<dyn StdError>::is::<std::io::Error>);
            let cause = whole(&error);
            return if on_the_wire { Self::Lost(cause) } else { Self::Own(CommitError::Invalid(cause)) };
        };
        let detail = said.message().to_owned();
        let constraint = |kind| Self::Own(CommitError::Constraint { kind, detail: detail.clone() });
        match *said.code() {
            SqlState::UNIQUE_VIOLATION | SqlState::EXCLUSION_VIOLATION => constraint(Constraint::Unique),
            SqlState::FOREIGN_KEY_VIOLATION | SqlState::RESTRICT_VIOLATION => {
                constraint(Constraint::ForeignKey)
            }
            SqlState::NOT_NULL_VIOLATION => constraint(Constraint::NotNull),
            SqlState::CHECK_VIOLATION => constraint(Constraint::Check),
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => Self::Again(detail),
            // "cached plan must not change result type".
            SqlState::FEATURE_NOT_SUPPORTED | SqlState::INVALID_SQL_STATEMENT_NAME => Self::Stale(detail),
            SqlState::QUERY_CANCELED => Self::TimedOut,
            SqlState::LOCK_NOT_AVAILABLE => Self::Own(CommitError::Unavailable(detail)),
            // The server takes no writes any more: as good as gone.
            SqlState::READ_ONLY_SQL_TRANSACTION => Self::Lost(detail),
            ref code => match &code.code()[..2] {
                // The server goes away, and the connection with it.
                "08" | "57" => Self::Lost(detail),
                // It lacks room, memory or connections, or its disk fails.
                "53" | "58" => Self::Own(CommitError::Unavailable(detail)),
                _ => Self::Own(CommitError::Invalid(detail)),
            },
        }
    }
}

impl Trouble {
    /// Whether the whole transaction is lost with the statement, and worth another try.
    pub(super) fn ends_transaction(&self) -> bool {
        matches!(self, Self::Again(_) | Self::Stale(_) | Self::Lost(_))
    }
}

impl From<Trouble> for CommitError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Own(error) => error,
            Trouble::Again(cause) | Trouble::Stale(cause) | Trouble::Lost(cause) => Self::Unavailable(cause),
            Trouble::TimedOut => Error::TimedOut.into(),
        }
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Own(CommitError::Unavailable(cause))
            | Trouble::Again(cause)
            | Trouble::Stale(cause)
            | Trouble::Lost(cause) => Self::Unavailable(cause),
            Trouble::Own(error) => Self::Invalid(error.to_string()),
            Trouble::TimedOut => Self::TimedOut,
        }
    }
}

/// The error with its causes: by itself it says little more than "error connecting to server".
pub(crate) fn whole(error: &dyn StdError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        said = format!("{said}: {next}");
        cause = next.source();
    }
    said
}

impl From<Trouble> for crate::migrate::MigrateError {
    fn from(trouble: Trouble) -> Self {
        Error::from(trouble).into()
    }
}
