//! Node numbers of ids are leased, and come back.

use std::collections::HashSet;
use std::time::Duration;

use folkmoot::core::ids::Ids;
use folkmoot::core::random::Random;

use folkmoot_store::{Batch, Db, Step, sql};

use crate::rig::{Engine, TestApp, minutes};

sql! {
    /// Moves the end of a lease, as a renewal does of which no word came back.
    static MOVE: (i64, i64) = "UPDATE nodes SET reserved_until = reserved_until + $2 WHERE number = $1";
    /// Gives a lease that ran out to somebody else, as a fail-over may bring it about.
    static TAKE: (i64, i64) = "UPDATE nodes SET holder = 'somebody else', reserved_until = $2 WHERE number = $1";
    static LEASED_UNTIL: (i64) -> i64 = "SELECT reserved_until FROM nodes WHERE number = $1";
}

async fn does(db: &Db, step: impl Into<Step>) {
    let mut batch = Batch::new();
    batch.push(step);
    db.commit(batch).await.unwrap();
}

both_databases! {
    async fn a_renewal_of_which_no_word_came_back_is_taken_over(app: TestApp) {
        let (db, ids) = (&app.app.db, &app.app.ids);
        let number = ids.node();
        for unheard_of in [45_000, -20_000] {
            does(db, MOVE.with((number, unheard_of))).await;
            ids.renew(db).await.expect("the lease is still this node's");
            assert_eq!(ids.node(), number);
            app.app.clock.forward(Duration::from_secs(50));
            ids.next().expect("a lease");
            let until = db.one(LEASED_UNTIL.with((number,))).await.unwrap();
            assert!(until > app.app.clock.now(), "no id is made beyond what is written");
            ids.renew(db).await.unwrap();
        }
    }

    async fn a_node_whose_number_is_another_s_takes_another(app: TestApp) {
        let (db, ids, clock) = (&app.app.db, &app.app.ids, &app.app.clock);
        let number = ids.node();
        let before = ids.next().unwrap();
        clock.forward(minutes(2));
        ids.next().expect_err("the lease ran out");
        app.guest().get("/ready").await.is(503);
        does(db, TAKE.with((number, clock.now() + 60_000))).await;
        ids.renew(db).await.expect("another number is free");
        assert_ne!(ids.node(), number);
        assert_ne!(ids.next().unwrap(), before);
        app.guest().get("/ready").await.is(200);
    }

    async fn a_number_given_back_is_free_at_once_and_its_ids_stay_unlike(app: TestApp) {
        let (db, clock) = (&app.app.db, &app.app.clock);
        let mut seen = HashSet::new();
        // More commands within a moment than there are numbers.
        for round in 0..70 {
            clock.forward(Duration::from_millis(2));
            let ids = Ids::lease(db, clock, &Random::seeded(round)).await.expect("a number is free");
            for _ in 0..100 {
                assert!(seen.insert(ids.next().unwrap()));
            }
            ids.give_back(db).await;
            clock.forward(Duration::from_millis(2));
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
        clock.forward(minutes(2));
        Ids::lease(db, clock, &Random::seeded(99)).await.expect("leases have run out");
    }
}
