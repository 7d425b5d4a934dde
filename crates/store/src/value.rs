//! The five column types, and values on their way into a statement.

use bytes::Bytes;

/// What a column or parameter may be. Nothing else is used, so that both engines agree on every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// BIGINT: ids, counts, milliseconds.
    Int,
    /// DOUBLE PRECISION.
    Float,
    /// BOOLEAN (on SQLite the integers 0 and 1).
    Bool,
    /// TEXT.
    Text,
    /// BYTEA or BLOB.
    Bytes,
    /// A list of BIGINT, only as a parameter and only inside `{ids:$n}`.
    IdList,
    /// A list of TEXT, only as a parameter and only inside `{texts:$n}`.
    TextList,
}

impl Type {
    /// PostgreSQL's name for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Int => "int8",
            Self::Float => "float8",
            Self::Bool => "bool",
            Self::Text => "text",
            Self::Bytes => "bytea",
            Self::IdList => "_int8",
            Self::TextList => "_text",
        }
    }
}

/// A value bound to a parameter, or kept from a row that `RETURNING` gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A BIGINT.
    Int(i64),
    /// A DOUBLE PRECISION.
    Float(f64),
    /// A BOOLEAN.
    Bool(bool),
    /// A TEXT.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
    /// The list behind `{ids:$n}`.
    Ids(Vec<i64>),
    /// The list behind `{texts:$n}`.
    Texts(Vec<String>),
}

/// A value as it lies in a row that is being read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL NULL.
    Null,
    /// A BIGINT.
    Int(i64),
    /// A DOUBLE PRECISION.
    Float(f64),
    /// A BOOLEAN.
    Bool(bool),
    /// A TEXT.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl ValueRef<'_> {
    /// The same value, owned.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Int(v) => Value::Int(v),
            ValueRef::Float(v) => Value::Float(v),
            ValueRef::Bool(v) => Value::Bool(v),
            ValueRef::Text(v) => Value::Text(v.to_owned()),
            ValueRef::Bytes(v) => Value::Bytes(Bytes::copy_from_slice(v)),
        }
    }
}

impl Value {
    /// The value as a row would show it. Lists are parameters only and show as NULL.
    #[must_use]
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Value::Null | Value::Ids(_) | Value::Texts(_) => ValueRef::Null,
            Value::Int(v) => ValueRef::Int(*v),
            Value::Float(v) => ValueRef::Float(*v),
            Value::Bool(v) => ValueRef::Bool(*v),
            Value::Text(v) => ValueRef::Text(v),
            Value::Bytes(v) => ValueRef::Bytes(v),
        }
    }
}
