//! SQLite's FTS5 takes our terms and expressions as they are: it holds what the shelf holds.

use folkmoot_terms::TOKEN_CHARACTERS;
use rusqlite::Connection;

use crate::support::Shelf;

/// The shelf's entries in an index as the product's.
fn indexed(shelf: &Shelf) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    let options = format!("content='', detail=none, tokenize=\"ascii tokenchars '{TOKEN_CHARACTERS}'\"");
    db.execute(&format!("CREATE VIRTUAL TABLE entries USING fts5(terms, {options})"), []).unwrap();
    for (at, entry) in shelf.entries.iter().enumerate() {
        let terms = entry.document.terms.join(" ");
        db.execute("INSERT INTO entries (rowid, terms) VALUES (?1, ?2)", (at as i64, terms)).unwrap();
    }
    db
}

fn matching(db: &Connection, expression: &str) -> Vec<usize> {
    let mut statement =
        db.prepare("SELECT rowid FROM entries WHERE entries MATCH ?1 ORDER BY rowid").unwrap();
    let rows = statement.query_map([expression], |row| row.get::<_, i64>(0)).unwrap();
    rows.map(|row| row.unwrap() as usize).collect()
}

#[test]
fn it_finds_what_the_shelf_finds_for_every_step() {
    let mut shelf = Shelf::default();
    shelf.open(
        "english",
        "Shadow maps",
        "Set the shadow_map size with SetShadowMap, C++ or .NET; don't use 1.7.2.",
    );
    shelf.open("address", "Who to write to", "jo.doe@example.org or jo@example.org, e-mail preferred");
    shelf.open("chinese", "社区服务器", "搜索功能很快，东京的天气");
    shelf.open("japanese", "東京タワー", "ガラスの影がちらつく shadow");
    shelf.open("korean", "서버 검색", "서버를 다시 시작했습니다 shadow map");
    shelf.open("thai", "ภาษาไทย", "ดื่มน้ำทุกวัน");
    shelf.open("arabic", "الكتاب", "قرأتُ الكتابَ في المكتبة");
    shelf.open("accents", "Café à la crème", "Straße İstanbul Ёлка Ελλάδα đường");
    shelf.open("capitals", "ÀÉÎ ДОМ ΣΊΣΥΦΟΣ", "ＦＵＬＬ ﬁne");
    let db = indexed(&shelf);
    let questions = [
        "shadow map",
        "shadow map size light",
        "SetShadowMap",
        "c++",
        ".net",
        "1.7.2",
        "dont",
        "jo.doe@example.org",
        "\"shadow map\"",
        "shadow -map",
        "shadow -\"size with\"",
        "in:title shadow",
        "搜索",
        "东京 天气",
        "京",
        "タワー 東京",
        "서버는",
        "น้ำ",
        "كتاب",
        "creme cafe",
        "strasse istanbul",
        "ёлка",
        "ελλαδα",
        "дом",
        "fine full",
        "nothing at all",
        "jo write example e-mail shadow map size set",
    ];
    for q in questions {
        let plan = shelf.plan(q);
        assert!(!plan.steps.is_empty(), "{q}");
        for step in &plan.steps {
            let expression = step.expression.fts5();
            assert_eq!(matching(&db, &expression), shelf.holding(&step.expression), "{q}: {expression}");
        }
    }
    assert_eq!(matching(&db, &shelf.plan("strasse istanbul ").steps[1].expression.fts5()), [7]);
}

#[test]
fn it_takes_the_longest_expressions() {
    let mut shelf = Shelf::default();
    for syllable in ["ba", "be", "bi", "bo", "bu"] {
        for number in 0..60 {
            let word =
                format!("{syllable}{}", "abcdefghij".repeat(2).get(number % 10..number % 10 + 3).unwrap());
            shelf.open("entry", &word, &format!("{word} {word}{number}x {syllable}{number}"));
        }
    }
    let db = indexed(&shelf);
    for q in ["ba* be* bi* bo* bu*", "ba* -\"be\" bo*", "*bab* *beb* *bib* *bob*", &"ba* bo1 ".repeat(16)] {
        let plan = shelf.plan(q);
        for step in &plan.steps {
            let expression = step.expression.fts5();
            assert_eq!(matching(&db, &expression), shelf.holding(&step.expression), "{q}");
        }
    }
}
