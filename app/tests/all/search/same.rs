//! Both engines find the same in the same order: one corpus, some hundred queries.

use folkmoot_store::Engine;

use super::*;

/// What is written, by whom and where: titles, bodies, replies of several scripts and kinds.
const WRITTEN: [(&str, &str, &[&str]); 14] = [
    (
        "Shadow maps flicker",
        "My shadow maps flicker when the light moves.",
        &["Try a bias.", "Shadow bias helped me."],
    ),
    (
        "SetVertexData crashes",
        "Calling `SetVertexData()` in C++ crashes in set_vertex_data.",
        &["Which version, 1.7.2?"],
    ),
    ("Grüße aus Köln", "Schöne Straßen und Müller sagt ja.", &["Muller? Müller!", "Strasse oder Straße"]),
    ("Les élèves", "L'été à la plage, café crème.", &["cafe au lait", "Été comme hiver"]),
    ("Привет всем", "Ёлка и ель стоят в лесу.", &["елка", "Лес шумит"]),
    ("Καλημέρα κόσμε", "Η θάλασσα είναι γαλάζια.", &["θαλασσα"]),
    ("مرحبا بالعالم", "القطة تنام على السرير.", &["قطة"]),
    ("东京的猫", "我喜欢猫和狗。", &["猫", "東京タワーの猫"]),
    ("日本語の検索", "全文検索はとても便利です。", &["検索エンジン", "カタカナとひらがな"]),
    ("한국어 검색", "고양이가 잠을 잡니다.", &["고양이는 귀엽다"]),
    ("แมวนอนหลับ", "แมวของฉันนอนหลับทั้งวัน", &["แมวดำ"]),
    ("İstanbul'da kediler", "Işık ve ISPARTA, ılık çay.", &["istanbul", "ISTANBUL"]),
    ("Mèo Việt Nam", "Con mèo đang ngủ trên giường.", &["meo meo"]),
    (
        "Mail to jay@example.org",
        "Write to jay@example.org or on-call, e-mail, md3 and md5, 42 or 3.14.",
        &["node.js", "C# and C++"],
    ),
];

/// What people type.
const ASKED: [&str; 74] = [
    "shadow",
    "shadow ",
    "sha",
    "maps shadow",
    "\"shadow maps\"",
    "\"maps shadow\"",
    "shadow -bias",
    "-shadow light",
    "setvertexdata",
    "SetVertexData",
    "set_vertex",
    "vertex",
    "vert",
    "ertex",
    "c++",
    "C#",
    "1.7.2",
    "1.7",
    "md3",
    "md",
    "jay@example.org",
    "example.org",
    "jay",
    "on-call",
    "oncall",
    "call",
    "e-mail",
    "email",
    "3.14",
    "42",
    "grüße",
    "gruesse",
    "koln",
    "Köln",
    "straße",
    "strasse",
    "müller",
    "muller",
    "ete",
    "été",
    "café",
    "creme",
    "ёлка",
    "елка",
    "лес",
    "лесу",
    "θάλασσα",
    "θαλασσα",
    "καλημερα",
    "قطة",
    "القطة",
    "猫",
    "喜欢",
    "东京",
    "東京",
    "検索",
    "全文検索",
    "ひら",
    "カタカナ",
    "고양이",
    "고양",
    "검색",
    "แมว",
    "นอน",
    "istanbul",
    "İstanbul",
    "ışık",
    "mèo",
    "meo",
    "the",
    "a",
    "zebra",
    "shadow zebra",
    "my shadow maps flicker when it rains",
];

/// With each of these filters, or none.
const FILTERS: [&str; 5] = ["", " author:ann", " board:cats", " in:title", " tag:lights"];

async fn answers(engine: Engine) -> Vec<(String, Vec<String>, Value)> {
    let app = TestApp::start(engine).await;
    let root = app.with_cats().await;
    root.makes_board("dogs", json!({})).await;
    let [ann, bob] = app.people(["ann", "bob"]).await;
    for (number, (title, body, replies)) in WRITTEN.into_iter().enumerate() {
        let (writer, board) = if number % 2 == 0 { (&ann, "cats") } else { (&bob, "dogs") };
        let tags = if number % 3 == 0 { json!(["lights"]) } else { json!([]) };
        let thread = writer.opens_with(board, json!({"title": title, "body": body, "tags": tags})).await;
        for reply in replies {
            app.forward(minutes(7)).await;
            bob.replies(&thread, reply).await;
        }
        app.forward(hours(30)).await;
    }
    app.is_indexed().await;
    let mut answers = Vec::new();
    for q in ASKED {
        for filter in FILTERS {
            for more in ["", "&sort=date"] {
                let asked = format!("{q}{filter}{more}");
                let answer = ann.searches(&format!("{q}{filter}"), &format!("{more}&limit=50")).await;
                let items = answer["items"].as_array().unwrap().iter().map(shown).collect();
                answers.push((
                    asked,
                    items,
                    json!([answer["total"], answer["counts"], answer["understood"]["relaxed"]]),
                ));
            }
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_find_the_same_in_the_same_order() {
    let (sqlite, postgres) = (answers(Engine::Sqlite).await, answers(Engine::Postgres).await);
    let found = sqlite.iter().filter(|(_, items, _)| !items.is_empty()).count();
    assert!(found > 200, "only {found} of {} queries find anything", sqlite.len());
    for (on_sqlite, on_postgres) in sqlite.iter().zip(&postgres) {
        assert_eq!(on_sqlite, on_postgres);
    }
}
