//! The numbered migrations, shipped inside the binary.

use folkmoot_store::migrate::Migration;

macro_rules! migrations {
    ($($number:literal $name:literal),+ $(,)?) => {
        /// Every migration, oldest first.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            number: $number,
            name: $name,
            up: include_str!(concat!("../../migrations/", $name, ".up.sql")),
            down: include_str!(concat!("../../migrations/", $name, ".down.sql")),
        }),+];
    };
}

migrations! {
    1 "000001_initial_schema",
    2 "000002_add_user_profile_fields",
}
