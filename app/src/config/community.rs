//! Settings that a community starts with; what is changed later under "Admin" lives in the database.

use super::declare::settings;
use super::values::words;

words! {
    /// Whether strangers may make an account.
    pub enum Registration {
        /// Everybody may.
        Open = "open",
        /// Only administrators make accounts.
        Closed = "closed",
    }
}

settings! {
    /// What the community starts with. Names and rules changed later under "Admin" are kept in the database.
    pub struct CommunitySettings in "community" {
        /// The community's name until an administrator gives another.
        name: String { variable: "COMMUNITY_NAME", default: "Folkmoot" }
        /// Whether strangers may register: open or closed.
        registration: Registration { variable: "REGISTRATION", default: "open" }
        /// The lowest age, in years, at which one may register.
        minimum_age: u32 { variable: "MINIMUM_AGE", default: "13", within: 0..=120 }
        /// After how many days without a visit a session ends.
        session_days: u32 { variable: "SESSION_DAYS", default: "30", within: 1..=400 }
        /// How many hours a one-time link (set-up, password, claim) is good for.
        link_hours: u32 { variable: "LINK_HOURS", default: "72", within: 1..=8760 }
    }
}
