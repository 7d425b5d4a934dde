//! Enums that are one word each in the database and in JSON.

/// Declares an enum that is a word in the database and in JSON.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$word_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$word_meta])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What the word stands for.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl folkmoot_store::Param for $name {
            const TYPE: folkmoot_store::Type = folkmoot_store::Type::Text;
            fn into_value(self) -> folkmoot_store::Value {
                folkmoot_store::Value::Text(self.as_str().to_owned())
            }
        }

        impl folkmoot_store::Column for $name {
            const TYPE: folkmoot_store::Type = folkmoot_store::Type::Text;
            fn from_column(value: folkmoot_store::ValueRef<'_>) -> Option<Self> {
                match value {
                    folkmoot_store::ValueRef::Text(word) => Self::parse(word),
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use words;
