//! What a board does beyond its rights: JSON with a version, whose fields appear with the presets that need them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::{Error, Result};

/// The longest slow mode, in seconds: a day.
const MAX_SLOW_MODE: i64 = 86_400;
/// The form of policy that this release writes.
const VERSION: u32 = 1;

/// The order of a board's threads; pinned ones are always first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ordering {
    /// What was written to last comes first.
    #[default]
    Activity,
    /// What was opened last comes first.
    Newest,
}

/// A board's policy. Stored ones are read leniently: a newer release may have added fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Policy {
    /// The form of the policy.
    pub version: u32,
    /// The order of threads.
    pub ordering: Ordering,
    /// How long one waits between two posts of one's own, in seconds; 0 for not at all. Moderators do not wait.
    pub slow_mode_seconds: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { version: VERSION, ordering: Ordering::Activity, slow_mode_seconds: 0 }
    }
}

/// What an administrator may say of a policy; other fields are refused by name.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// The form of the policy; only 1 is known.
    pub version: Option<u32>,
    /// The order of threads.
    pub ordering: Option<Ordering>,
    /// Seconds between two posts of one person, 0 to 86,400.
    pub slow_mode_seconds: Option<i64>,
}

impl Policy {
    /// As stored. What cannot be read is as if never set.
    pub fn load(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// To be stored.
    pub fn store(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// With a change.
    ///
    /// # Errors
    /// `Invalid` naming the field that is not within its bounds.
    pub fn with(mut self, change: PolicyChange) -> Result<Self> {
        if change.version.is_some_and(|version| version != VERSION) {
            return Err(Error::invalid("policy.version", format!("only {VERSION} is known")));
        }
        self.ordering = change.ordering.unwrap_or(self.ordering);
        self.slow_mode_seconds = change.slow_mode_seconds.unwrap_or(self.slow_mode_seconds);
        if !(0..=MAX_SLOW_MODE).contains(&self.slow_mode_seconds) {
            return Err(Error::invalid(
                "policy.slow_mode_seconds",
                format!("from 0 to {MAX_SLOW_MODE} seconds"),
            ));
        }
        self.version = VERSION;
        Ok(self)
    }

    /// Slow mode in milliseconds.
    pub const fn slow_mode_ms(&self) -> i64 {
        self.slow_mode_seconds * 1000
    }
}

#[cfg(test)]
mod tests {
    use super::{Ordering, Policy, PolicyChange};

    #[test]
    fn a_policy_comes_back_as_it_was_stored() {
        let change =
            PolicyChange { version: None, ordering: Some(Ordering::Newest), slow_mode_seconds: Some(30) };
        let policy = Policy::default().with(change).unwrap();
        assert_eq!(Policy::load(&policy.store()), policy);
    }

    #[test]
    fn a_newer_policy_is_read_as_far_as_it_is_known() {
        let policy = Policy::load(r#"{"version":7,"slow_mode_seconds":5,"sage":true}"#);
        assert_eq!((policy.slow_mode_seconds, policy.ordering), (5, Ordering::Activity));
        assert_eq!(Policy::load("{}"), Policy::default());
    }

    #[test]
    fn what_is_out_of_bounds_or_unknown_is_refused() {
        for slow in [-1, 86_401] {
            let change = PolicyChange { slow_mode_seconds: Some(slow), ..PolicyChange::default() };
            assert!(Policy::default().with(change).is_err(), "{slow}");
        }
        assert!(
            Policy::default().with(PolicyChange { version: Some(2), ..PolicyChange::default() }).is_err()
        );
        let unknown = serde_json::from_str::<PolicyChange>(r#"{"sage":true}"#).unwrap_err();
        assert!(unknown.to_string().contains("sage"));
    }
}
