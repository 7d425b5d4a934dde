//! Settings of password hashing. They can be made stronger than what OWASP asks for, never weaker.

use super::declare::settings;

settings! {
    /// How costly it is to guess a password (Argon2id). Raised values hold for an account from its next sign-in on.
    pub struct PasswordSettings in "passwords" {
        /// Memory for one hash, in kibibytes.
        memory_kib: u32 { variable: "PASSWORD_MEMORY_KIB", default: "19456", within: 19456..=1_048_576 }
        /// How often that memory is gone through.
        passes: u32 { variable: "PASSWORD_PASSES", default: "2", within: 2..=20 }
    }
}
