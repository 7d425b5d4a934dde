//! The numbered migrations, shipped inside the binary.

use folkmoot_store::migrate::Migration;

/// Every migration, oldest first.
pub const MIGRATIONS: &[Migration] = folkmoot_store::migrations!(
    "../../migrations";
    "000001_initial_schema",
    "000002_add_user_profile_fields",
    "000003_count_changes",
    "000004_conversations",
    "000005_search",
);
