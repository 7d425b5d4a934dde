//! People, sessions, links and groups as the rules see them.

use std::fmt;

use folkmoot_store::{Column, Param, Type, Value, ValueRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::id_types::id_type;

id_type! {
    /// A person's account.
    pub struct UserId;
    /// A named group of accounts.
    pub struct GroupId;
    /// A browser's session or a program's bearer token.
    pub struct SessionId;
    /// A one-time link.
    pub struct LinkId;
}

/// Declares an enum that is a word in the database and in JSON.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$word_meta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Param for $name {
            const TYPE: Type = Type::Text;
            fn into_value(self) -> Value {
                Value::Text(self.as_str().to_owned())
            }
        }

        impl Column for $name {
            const TYPE: Type = Type::Text;
            fn from_column(value: ValueRef<'_>) -> Option<Self> {
                match value {
                    ValueRef::Text(word) => Self::parse(word),
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What a person is here. A guest has no account, so no account has that role.
    pub enum Role {
        /// Not signed in.
        Guest = "guest",
        /// Has an account.
        Member = "member",
        /// Keeps the place decent.
        Moderator = "moderator",
        /// Runs the place.
        Admin = "admin",
    }
}

words! {
    /// Whether an account may be used.
    pub enum Standing {
        /// It may.
        Good = "good",
        /// It may not: signing in is refused, and what it was signed in to is closed.
        Banned = "banned",
    }
}

words! {
    /// What carries a session's secret.
    pub enum SessionKind {
        /// A browser's cookie.
        Cookie = "cookie",
        /// A program's `Authorization: Bearer`.
        Bearer = "bearer",
    }
}

words! {
    /// What a one-time link is for.
    pub enum Purpose {
        /// Makes the first administrator.
        Setup = "setup",
        /// Sets a new password.
        Password = "password",
        /// Hands an imported account to its owner.
        Claim = "claim",
    }
}

words! {
    /// The colours of the client.
    pub enum Theme {
        /// As the device has it.
        Auto = "auto",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// What a person has chosen for the client. Stored as JSON with its version; unknown fields of a newer release are
/// dropped only when the person saves again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Settings {
    /// The colours.
    pub theme: Theme,
    /// Whether Enter sends what is written, or begins a new line.
    pub enter_sends: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: Theme::Auto, enter_sends: false }
    }
}

/// The form in which settings are stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    #[serde(flatten)]
    settings: Settings,
}

impl Settings {
    /// As stored. What cannot be read is as if never chosen.
    pub fn load(text: &str) -> Self {
        serde_json::from_str::<Stored>(text).map(|stored| stored.settings).unwrap_or_default()
    }

    /// To be stored.
    pub fn store(&self) -> String {
        let stored = Stored { version: 1, settings: self.clone() };
        serde_json::to_string(&stored).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Settings, Theme};

    #[test]
    fn settings_come_back_as_they_were_stored() {
        let settings = Settings { theme: Theme::Dark, enter_sends: true };
        assert_eq!(Settings::load(&settings.store()), settings);
        assert!(settings.store().contains("\"version\":1"));
    }

    #[test]
    fn settings_from_other_releases_are_read_as_far_as_they_are_known() {
        assert_eq!(Settings::load("{}"), Settings::default());
        assert_eq!(Settings::load("damaged"), Settings::default());
        let newer = r#"{"version":9,"theme":"light","sound":"loud"}"#;
        assert_eq!(Settings::load(newer).theme, Theme::Light);
    }

    #[test]
    fn a_role_is_its_word() {
        assert_eq!(Role::parse("moderator"), Some(Role::Moderator));
        assert_eq!(Role::parse("Moderator"), None);
        assert!(Role::Guest < Role::Member && Role::Moderator < Role::Admin);
    }
}
