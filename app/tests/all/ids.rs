//! Node numbers of ids are leased, and come back.

use std::collections::HashSet;

use folkmoot::core::ids::Ids;
use folkmoot::core::random::Random;

use crate::rig::{Engine, TestApp};

both_databases! {
    async fn a_number_given_back_is_free_at_once_and_its_ids_stay_unlike(app: TestApp) {
        let (db, clock) = (&app.app.db, &app.app.clock);
        let mut seen = HashSet::new();
        // More commands within a moment than there are numbers.
        for round in 0..70 {
            clock.forward(std::time::Duration::from_millis(2));
            let ids = Ids::lease(db, clock, &Random::seeded(round)).await.expect("a number is free");
            for _ in 0..100 {
                assert!(seen.insert(ids.next().unwrap()));
            }
            ids.give_back(db).await;
            clock.forward(std::time::Duration::from_millis(2));
            ids.next().expect_err("its number may be another's by now");
        }
    }

    async fn a_number_that_was_not_given_back_stays_taken_until_its_lease_runs_out(app: TestApp) {
        let (db, clock) = (&app.app.db, &app.app.clock);
        let mut taken = HashSet::from([app.app.ids.node()]);
        for round in 0..63 {
            let ids = Ids::lease(db, clock, &Random::seeded(round)).await.expect("a number is free");
            assert!(taken.insert(ids.node()));
        }
        assert!(Ids::lease(db, clock, &Random::seeded(99)).await.is_err(), "all 64 are leased");
        clock.forward(crate::rig::minutes(2));
        Ids::lease(db, clock, &Random::seeded(99)).await.expect("leases have run out");
    }
}
