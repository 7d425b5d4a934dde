//! Rows: reading columns by position into the structs, tuples and scalars that a statement answers.

use bytes::Bytes;

use crate::{
    error::Error,
    value::{Type, Value, ValueRef},
};

/// A type that one column can be read into.
pub trait Column: Sized + Send + 'static {
    /// What the column must be.
    const TYPE: Type;
    /// Whether NULL is one of its values.
    const NULLABLE: bool = false;
    /// The value, or nothing when the column holds another type.
    fn from_column(value: ValueRef<'_>) -> Option<Self>;
}

macro_rules! column {
    ($($rust:ty, $kind:ident, { $($pattern:pat => $read:expr),+ })*) => {$(
        impl Column for $rust {
            const TYPE: Type = Type::$kind;
            fn from_column(value: ValueRef<'_>) -> Option<Self> {
                match value {
                    $($pattern => Some($read),)+
                    _ => None,
                }
            }
        }
    )*};
}

column! {
    i64, Int, { ValueRef::Int(v) => v }
    f64, Float, { ValueRef::Float(v) => v }
    // SQLite has no boolean of its own.
    bool, Bool, { ValueRef::Bool(v) => v, ValueRef::Int(v @ (0 | 1)) => v == 1 }
    String, Text, { ValueRef::Text(v) => v.to_owned() }
    Vec<u8>, Bytes, { ValueRef::Bytes(v) => v.to_vec() }
    Bytes, Bytes, { ValueRef::Bytes(v) => Bytes::copy_from_slice(v) }
}

impl<T: Column> Column for Option<T> {
    const TYPE: Type = T::TYPE;
    const NULLABLE: bool = true;
    fn from_column(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Null => Some(None),
            other => T::from_column(other).map(Some),
        }
    }
}

/// A row under a cursor of either engine, or one kept from a batch.
#[derive(Clone, Copy)]
pub struct Row<'a>(pub(crate) Source<'a>);

#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
    Kept(&'a [Value]),
}

impl Row<'_> {
    /// Reads the column at `index`, counted from 0.
    ///
    /// # Errors
    /// `Invalid` when there is no such column or it holds another type.
    pub fn get<T: Column>(&self, index: usize) -> Result<T, Error> {
        let value = match self.0 {
            Source::Sqlite(row) => crate::sqlite::column(row, index)?,
            Source::Postgres(row) => crate::postgres::column(row, index)?,
            Source::Kept(values) => values.get(index).map(Value::as_ref).ok_or_else(|| absent(index))?,
        };
        T::from_column(value)
            .ok_or_else(|| Error::Invalid(format!("column {} does not hold {:?}", index + 1, T::TYPE)))
    }
}

pub(crate) fn absent(index: usize) -> Error {
    Error::Invalid(format!("there is no column {}", index + 1))
}

/// A column as a row type expects it; the statement test compares it with what the engine prepares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// The name, where the row type has names.
    pub name: Option<&'static str>,
    /// The type.
    pub ty: Type,
}

/// A type that a whole row is read into.
pub trait FromRow: Sized + Send + 'static {
    /// Its columns in order.
    const COLUMNS: &'static [ColumnInfo];
    /// Reads the row.
    ///
    /// # Errors
    /// `Invalid` when a column is absent or holds another type.
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

/// Nothing is read from what a plain write answers.
impl FromRow for () {
    const COLUMNS: &'static [ColumnInfo] = &[];
    fn from_row(_: &Row<'_>) -> Result<Self, Error> {
        Ok(())
    }
}

impl<T: Column> FromRow for T {
    const COLUMNS: &'static [ColumnInfo] = &[ColumnInfo { name: None, ty: T::TYPE }];
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        row.get(0)
    }
}

macro_rules! tuples {
    ($(($($t:ident $i:tt),+))*) => {$(
        impl<$($t: Column),+> FromRow for ($($t,)+) {
            const COLUMNS: &'static [ColumnInfo] = &[$(ColumnInfo { name: None, ty: $t::TYPE }),+];
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                Ok(($(row.get::<$t>($i)?,)+))
            }
        }
    )*};
}

tuples! {
    (T0 0)
    (T0 0, T1 1)
    (T0 0, T1 1, T2 2)
    (T0 0, T1 1, T2 2, T3 3)
    (T0 0, T1 1, T2 2, T3 3, T4 4)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7, T8 8)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7, T8 8, T9 9)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7, T8 8, T9 9, T10 10)
    (T0 0, T1 1, T2 2, T3 3, T4 4, T5 5, T6 6, T7 7, T8 8, T9 9, T10 10, T11 11)
}

/// Declares a struct and how a row is read into it, column by column in the order of its fields.
///
/// The fields' names must be the columns' names; the statement test ([`crate::check`]) holds that.
#[macro_export]
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $ty:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $ty,)+
        }

        impl $crate::FromRow for $name {
            const COLUMNS: &'static [$crate::ColumnInfo] = &[$($crate::ColumnInfo {
                name: Some($crate::column_name(stringify!($field))),
                ty: <$ty as $crate::Column>::TYPE,
            }),+];
            fn from_row(row: &$crate::Row<'_>) -> Result<Self, $crate::Error> {
                let mut columns = 0..;
                Ok(Self { $($field: row.get(columns.next().unwrap_or_default())?,)+ })
            }
        }
    };
}

/// The column that a field stands for: `r#type` stands for `type`.
#[doc(hidden)]
#[must_use]
pub const fn column_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}
