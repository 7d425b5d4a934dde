//! What every caller may rely on, on both engines alike.

use folkmoot_store::{Batch, Db, Error, Ids, Options, Texts, newtype, row, sql};

crate::both::engines! {
    reads_find_what_was_committed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PostId(i64);
newtype!(PostId);

row! {
    #[derive(Debug, PartialEq)]
    struct Post {
        id: PostId,
        body: String,
        shown: bool,
        score: Option<f64>,
        picture: Option<Vec<u8>>,
    }
}

sql! {
    static MAKE: () = dialect! {
        sqlite: "CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, shown BOOLEAN NOT NULL DEFAULT true, score DOUBLE PRECISION, picture BLOB)",
        postgres: "CREATE TABLE posts (id BIGINT PRIMARY KEY, body TEXT NOT NULL UNIQUE, shown BOOLEAN NOT NULL DEFAULT true, score DOUBLE PRECISION, picture BYTEA)",
    };
    static INSERT: (PostId, String, Option<f64>, Option<Vec<u8>>) =
        "INSERT INTO posts (id, body, score, picture) VALUES ($1, $2, $3, $4)";
    static POST: (PostId) -> Post = "SELECT id, body, shown, score, picture FROM posts WHERE id = $1";
    static IDS: (Ids) -> i64 = "SELECT id FROM posts WHERE id IN {ids:$1} ORDER BY id";
    static BODIES: (Texts) -> String = "SELECT body FROM posts WHERE body IN {texts:$1} ORDER BY id";
    static HIDE: (i64) -> (i64, bool) = "UPDATE posts SET shown = false WHERE id = $1 RETURNING id, shown";
}

async fn prepared(db: &Db) {
    let mut batch = Batch::new();
    batch.push(MAKE.with(()));
    db.commit(batch).await.unwrap();
}

async fn reads_find_what_was_committed(db: Db) {
    prepared(&db).await;
    let mut batch = Batch::new();
    batch.push(INSERT.with((PostId(1), "hello", 0.5, vec![1, 0, 255])));
    batch.push(INSERT.with((PostId(2), "it's \"me\" \u{1F600}\n", None, None)).expect_rows(1).or("taken"));
    let hidden = batch.push(HIDE.with((2,)).expect_rows(1).or("gone"));
    let committed = db.commit(batch).await.unwrap();
    assert_eq!(committed.rows_affected(0), 1);
    assert_eq!(committed.row::<(i64, bool)>(hidden).unwrap(), Some((2, false)));

    let ann = db.one(POST.with((PostId(1),))).await.unwrap();
    let expected = Post {
        id: PostId(1),
        body: "hello".into(),
        shown: true,
        score: Some(0.5),
        picture: Some(vec![1, 0, 255]),
    };
    assert_eq!(ann, expected);
    assert_eq!(db.maybe(POST.with((PostId(3),))).await.unwrap(), None);
    assert_eq!(db.one(POST.with((PostId(3),))).await, Err(Error::Missing));
    assert_eq!(db.all(IDS.with((Ids(vec![3, 2, 1]),))).await.unwrap(), [1, 2]);
    assert_eq!(db.all(IDS.with((Ids(vec![]),))).await.unwrap(), [0; 0]);
    let bodies = Texts(vec!["it's \"me\" \u{1F600}\n".into(), "no".into()]);
    assert_eq!(db.all(BODIES.with((bodies,))).await.unwrap().len(), 1);
}
