//! Ids with a name of their own, so that a person's cannot be given for a thread's. Strings in JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Declares ids: `id_type! { /// Doc. pub struct UserId; }`.
macro_rules! id_type {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(pub i64);

        folkmoot_store::newtype!($name);

        impl $name {
            /// These ids as a list for a statement.
            $vis fn list(ids: impl IntoIterator<Item = Self>) -> folkmoot_store::Ids {
                folkmoot_store::Ids(ids.into_iter().map(|id| id.0).collect())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::core::id_types::NotAnId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::core::id_types::parse(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::core::id_types::deserialize(deserializer).map(Self)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::core::id_types::schema()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

pub(crate) use id_type;

/// The text is no id of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a number without sign or leading zeros, written as text")]
pub struct NotAnId;

/// Reads an id as [`id_type`] writes it; other spellings of the number are not the id.
///
/// # Errors
/// When it is anything else.
pub fn parse(text: &str) -> Result<i64, NotAnId> {
    if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotAnId);
    }
    text.parse().map_err(|_| NotAnId)
}

/// Reads an id from JSON text.
///
/// # Errors
/// When it is not text, or no id.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// How the API description writes an id.
pub fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .pattern(Some("^[1-9][0-9]*$"))
        .build()
        .into()
}

#[cfg(test)]
mod tests {
    id_type! {
        /// Of nothing.
        struct ThingId;
    }

    #[test]
    fn an_id_is_text_outside_and_reads_back() {
        let id = ThingId(9_007_199_254_740_991);
        let text = serde_json::to_string(&id).unwrap();
        assert_eq!(text, "\"9007199254740991\"");
        assert_eq!(serde_json::from_str::<ThingId>(&text).unwrap(), id);
        assert_eq!("17".parse(), Ok(ThingId(17)));
        assert_eq!(ThingId::list([ThingId(1), ThingId(2)]).0, [1, 2]);
    }

    #[test]
    fn other_spellings_of_a_number_are_no_id() {
        for text in ["", "0", "017", "+17", "-17", "1e3", "17 ", "99999999999999999999"] {
            assert!(text.parse::<ThingId>().is_err(), "{text:?}");
        }
        assert!(serde_json::from_str::<ThingId>("17").is_err());
    }
}
