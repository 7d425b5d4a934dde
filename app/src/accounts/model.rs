//! People, sessions, links and groups as the rules see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::id_types::id_type;
use crate::core::words::words;

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

words! {
    /// Who may begin to write to a person.
    pub enum MessagesFrom {
        /// Everyone; what strangers write is a request first.
        Everyone = "everyone",
        /// People whom one shares a conversation with that one has accepted.
        Known = "known",
        /// Nobody.
        Nobody = "nobody",
    }
}

/// What a person has chosen. Stored as JSON with its version; unknown fields of a newer release are
/// dropped only when the person saves again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Settings {
    /// The colours.
    pub theme: Theme,
    /// Whether Enter sends what is written, or begins a new line.
    pub enter_sends: bool,
    /// Whether others see how far one has read a conversation.
    pub receipts: bool,
    /// Whether others see that one is writing.
    pub typing: bool,
    /// Who may begin to write to one.
    pub messages_from: MessagesFrom,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            enter_sends: false,
            receipts: true,
            typing: true,
            messages_from: MessagesFrom::Everyone,
        }
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
    use super::{MessagesFrom, Role, Settings, Theme};

    #[test]
    fn settings_come_back_as_they_were_stored() {
        let settings = Settings {
            theme: Theme::Dark,
            enter_sends: true,
            receipts: false,
            typing: false,
            messages_from: MessagesFrom::Known,
        };
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
