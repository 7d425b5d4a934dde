//! Runs each test of a suite on SQLite and on PostgreSQL.

/// `engines! { a, b }` makes `sqlite::a`, `postgres::a`, … from `async fn a(db: Db)`.
macro_rules! engines {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let place = folkmoot_store::testing::temp_sqlite();
                let db = super::Db::open(&place.url(), super::Options::default()).await.unwrap();
                super::$test(db.clone()).await;
                db.close().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let place = folkmoot_store::testing::Postgres::start().database().await;
                let db = super::Db::open(&place.url(), super::Options::default()).await.unwrap();
                super::$test(db.clone()).await;
                db.close().await;
            })+
        }
    };
}

pub(crate) use engines;
