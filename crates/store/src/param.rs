//! Parameters: which Rust types may be bound, and the tuples that a statement is called with.

use bytes::Bytes;

use crate::value::{Type, Value};

/// A type that a statement can declare for a parameter.
pub trait Param: Send + 'static {
    /// What the column or expression that it meets must be.
    const TYPE: Type;
    /// The value to bind; moved, never copied.
    fn into_value(self) -> Value;
}

/// A list of ids for `{ids:$n}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(pub Vec<i64>);

/// A list of texts for `{texts:$n}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

macro_rules! param {
    ($($rust:ty, $kind:ident, $value:ident => $bound:expr;)*) => {$(
        impl Param for $rust {
            const TYPE: Type = Type::$kind;
            fn into_value(self) -> Value {
                let $value = self;
                $bound
            }
        }
    )*};
}

param! {
    i64, Int, v => Value::Int(v);
    f64, Float, v => Value::Float(v);
    bool, Bool, v => Value::Bool(v);
    String, Text, v => Value::Text(v);
    Bytes, Bytes, v => Value::Bytes(v);
    Vec<u8>, Bytes, v => Value::Bytes(Bytes::from(v));
    Ids, IdList, v => Value::Ids(v.0);
    Texts, TextList, v => Value::Texts(v.0);
}

impl<T: Param> Param for Option<T> {
    const TYPE: Type = T::TYPE;
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

/// What may be passed where a statement declares `P`: `P` itself, a borrowed text for a `String`,
/// a plain value for an `Option`.
pub trait Arg<P> {
    /// The value to bind.
    fn into_arg(self) -> Value;
}

impl<P: Param> Arg<P> for P {
    fn into_arg(self) -> Value {
        self.into_value()
    }
}

impl<P: Param> Arg<Option<P>> for P {
    fn into_arg(self) -> Value {
        self.into_value()
    }
}

impl Arg<String> for &str {
    fn into_arg(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Arg<String> for &String {
    fn into_arg(self) -> Value {
        Value::Text(self.clone())
    }
}

impl Arg<Option<String>> for &str {
    fn into_arg(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Arg<Option<String>> for Option<&str> {
    fn into_arg(self) -> Value {
        self.map_or(Value::Null, |text| Value::Text(text.to_owned()))
    }
}

/// The declared parameters of a statement: a tuple of up to 24.
pub trait Params: 'static {
    /// The type of each.
    const TYPES: &'static [Type];
}

/// A tuple that fits the declared parameters `P`.
pub trait Args<P: Params> {
    /// The values to bind, in order.
    fn into_values(self) -> Vec<Value>;
}

impl Params for () {
    const TYPES: &'static [Type] = &[];
}

impl Args<()> for () {
    fn into_values(self) -> Vec<Value> {
        Vec::new()
    }
}

macro_rules! params {
    ($(($($p:ident $a:ident $v:ident),+))*) => {$(
        impl<$($p: Param),+> Params for ($($p,)+) {
            const TYPES: &'static [Type] = &[$($p::TYPE),+];
        }
        impl<$($p: Param, $a: Arg<$p>),+> Args<($($p,)+)> for ($($a,)+) {
            fn into_values(self) -> Vec<Value> {
                let ($($v,)+) = self;
                vec![$($a::into_arg($v)),+]
            }
        }
    )*};
}

params! {
    (P1 A1 v1)
    (P1 A1 v1, P2 A2 v2)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19, P20 A20 v20)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19, P20 A20 v20, P21 A21 v21)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19, P20 A20 v20, P21 A21 v21, P22 A22 v22)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19, P20 A20 v20, P21 A21 v21, P22 A22 v22, P23 A23 v23)
    (P1 A1 v1, P2 A2 v2, P3 A3 v3, P4 A4 v4, P5 A5 v5, P6 A6 v6, P7 A7 v7, P8 A8 v8, P9 A9 v9, P10 A10 v10, P11 A11 v11, P12 A12 v12, P13 A13 v13, P14 A14 v14, P15 A15 v15, P16 A16 v16, P17 A17 v17, P18 A18 v18, P19 A19 v19, P20 A20 v20, P21 A21 v21, P22 A22 v22, P23 A23 v23, P24 A24 v24)
}

/// Lets a `struct Name(pub i64)` (or of another bindable type) be a parameter and a column.
///
/// `newtype!(PostId)` for an `i64`, `newtype!(Slug: String)` for another type.
#[macro_export]
macro_rules! newtype {
    ($name:ident) => {
        $crate::newtype!($name: i64);
    };
    ($name:ident: $inner:ty) => {
        impl $crate::Param for $name {
            const TYPE: $crate::Type = <$inner as $crate::Param>::TYPE;
            fn into_value(self) -> $crate::Value {
                <$inner as $crate::Param>::into_value(self.0)
            }
        }
        impl $crate::Column for $name {
            const TYPE: $crate::Type = <$inner as $crate::Column>::TYPE;
            fn from_column(value: $crate::ValueRef<'_>) -> Option<Self> {
                <$inner as $crate::Column>::from_column(value).map($name)
            }
        }
    };
}
