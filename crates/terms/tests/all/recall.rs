//! Recall: what people of many languages, and those who write code, find with what they would type.

use crate::support::Shelf;

/// A shelf with one entry for each text; its name is the text.
fn shelf(texts: &[&'static str]) -> Shelf {
    let mut shelf = Shelf::default();
    for text in texts {
        shelf.open(text, "", text);
    }
    shelf
}

/// Each of the questions finds exactly the texts of these places.
#[track_caller]
fn finds(texts: &[&'static str], questions: &[(&str, &[usize])]) {
    let shelf = shelf(texts);
    for (q, places) in questions {
        let mut found = shelf.whole(q);
        found.sort_unstable();
        let mut expected: Vec<_> = places.iter().map(|place| texts[*place]).collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{q}");
    }
}

#[test]
fn english_by_any_form_of_a_word() {
    finds(
        &[
            "Shadows flicker when the camera is moving",
            "The library crashed while loading two textures",
            "Stopping a timer twice is harmless",
            "What the café’s naïve résumé doesn't say",
        ],
        &[
            ("shadow ", &[0]),
            ("moved cameras ", &[0]),
            ("libraries crash ", &[1]),
            ("texture load ", &[1]),
            ("stop timers ", &[2]),
            ("cafe resume ", &[3]),
            ("doesnt ", &[3]),
            ("doesn’t say ", &[3]),
            ("shad", &[0]),
            ("rary", &[1]),
        ],
    );
}

#[test]
fn german_with_and_without_its_dots() {
    finds(
        &[
            "Die Schatten über der Straße sind zu groß",
            "Übergröße ist möglich",
            "Schattenkarten brauchen Speicher",
        ],
        &[
            ("strasse ", &[0]),
            ("STRASSE gross ", &[0]),
            ("über ", &[0, 1]),
            ("moglich ", &[1]),
            ("ubergrosse ", &[1]),
            ("schatten", &[0, 2]),
            ("karten ", &[2]),
        ],
    );
}

#[test]
fn french_with_elisions() {
    finds(
        &["L’école a été fermée aujourd’hui", "Les lumières n'éclairent pas les élèves"],
        &[
            ("ecole ", &[0]),
            ("école fermee ", &[0]),
            ("lumiere ", &[1]),
            ("élève ", &[1]),
            ("aujourd'hui ", &[0]),
        ],
    );
}

#[test]
fn spanish_portuguese_and_italian() {
    finds(
        &[
            "¿Dónde está la niña pequeña?",
            "Não há informações sobre as canções",
            "Perché la città è così bella",
        ],
        &[
            ("donde nina ", &[0]),
            ("niñas ", &[0]),
            ("nao informacoes ", &[1]),
            ("canções ", &[1]),
            ("perche citta ", &[2]),
        ],
    );
}

#[test]
fn russian_and_ukrainian_by_any_case() {
    finds(
        &["Тени дрожат при движении камеры", "Ёлка стоит у моего дома", "Їжак живе в лісі"],
        &[
            ("тень камера ", &[0]),
            ("тенями ", &[0]),
            ("КАМЕРУ ", &[0]),
            ("елка ", &[1]),
            ("ёлки дом ", &[1]),
            ("їжак ", &[2]),
            ("движ", &[0]),
        ],
    );
}

#[test]
fn greek_without_its_accents() {
    finds(
        &["Η αναζήτηση λειτουργεί σωστά", "Οι σκιές των δέντρων"],
        &[("αναζητηση ", &[0]), ("ΑΝΑΖΉΤΗΣΗ ", &[0]), ("σκια ", &[1]), ("δέντρο ", &[1])],
    );
}

#[test]
fn arabic_and_persian() {
    finds(
        &["قرأتُ الكتابَ في المكتبة", "وأحمد كتب رسالة إلى صديقه", "کتاب‌های فارسی را می‌خوانم"],
        &[
            ("كتاب ", &[0, 2]),
            ("الكتاب ", &[0, 2]),
            ("مكتبة ", &[0]),
            ("احمد ", &[1]),
            ("رساله ", &[1]),
            ("فارسي ", &[2]),
            ("می‌خوانم ", &[2]),
        ],
    );
}

#[test]
fn hebrew_with_and_without_points() {
    finds(
        &["שָׁלוֹם לכל החברים", "החיפוש בפורום עובד"],
        &[("שלום ", &[0]), ("חברים ", &[0]), ("חיפוש ", &[1]), ("פורום", &[1])],
    );
}

#[test]
fn hindi_and_bengali() {
    finds(
        &["मुझे खोज की सुविधा पसन्द है", "कंप्यूटर तेज़ है २०२०", "আমি বাংলায় গান গাই"],
        &[("खोज ", &[0]), ("सुविधा पसन्द ", &[0]), ("तेज 2020 ", &[1]), ("गान", &[]), ("বাংলায় ", &[2])],
    );
}

#[test]
fn chinese_by_one_two_or_more_characters() {
    finds(
        &["社区服务器的搜索功能很快", "我们在北京见面", "東京的天氣很好", "搜：索"],
        &[
            ("搜索", &[0]),
            ("服务器", &[0]),
            ("服务器 搜索", &[0]),
            ("搜索服务器", &[]),
            ("京", &[1, 2]),
            ("東京", &[2]),
            ("北京见", &[1]),
            ("搜", &[0, 3]),
        ],
    );
}

#[test]
fn japanese_in_all_its_scripts() {
    finds(
        &["東京タワーに行きました", "ｶﾞﾗｽの影がちらつく", "ガラスの検索ｿﾌﾄ"],
        &[
            ("東京", &[0]),
            ("タワー", &[0]),
            ("ガラス", &[1, 2]),
            ("ガラス 影", &[1]),
            ("ソフト", &[2]),
            ("影", &[1]),
            ("に", &[0]),
        ],
    );
}

#[test]
fn korean_with_and_without_particles() {
    finds(
        &["서버를 다시 시작했습니다", "검색은 빠르고 정확하다", "새 검색기능"],
        &[
            ("서버", &[0]),
            ("서버는 ", &[0]),
            ("서버에서 ", &[0]),
            ("검색", &[1, 2]),
            ("검", &[1, 2]),
            ("기능", &[2]),
            ("검색기", &[2]),
        ],
    );
}

#[test]
fn thai_lao_khmer_and_burmese_without_spaces() {
    finds(
        &["ภาษาไทยไม่มีเว้นวรรค", "ดื่มน้ำทุกวัน", "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာဘာသာ"],
        &[
            ("ไทย", &[0]),
            ("เว้นวรรค", &[0]),
            ("น้ำ", &[1]),
            ("ລາວ", &[2]),
            ("ខ្មែរ", &[3]),
            ("ភាសា", &[3]),
            ("မြန်မာ", &[4]),
        ],
    );
}

#[test]
fn turkish_with_both_kinds_of_i() {
    finds(
        &["İstanbul'da ışık çok güzel", "ISPARTA IŞIKLARI"],
        &[("istanbul ", &[0]), ("ISTANBUL ", &[0]), ("ışık", &[0, 1]), ("isik", &[0, 1]), ("ısparta ", &[1])],
    );
}

#[test]
fn vietnamese_with_and_without_its_signs() {
    finds(
        &["Tìm kiếm tiếng Việt trên đường phố", "Máy chủ đã khởi động lại"],
        &[
            ("tiếng việt ", &[0]),
            ("tieng viet ", &[0]),
            ("duong pho ", &[0]),
            ("may chu ", &[1]),
            ("khởi động ", &[1]),
        ],
    );
}

#[test]
fn identifiers_whole_and_by_their_parts() {
    finds(
        &[
            "buffer->SetVertexData(vertices)",
            "see set_vertex_data in mesh.cpp",
            "class VertexBuffer : public Object",
            "std::vector<XMLFile*> files",
            "RayQuery3D and physicsWorld2D",
        ],
        &[
            ("SetVertexData ", &[0, 1]),
            ("setvertexdata ", &[0, 1]),
            ("set_vertex_data ", &[0, 1]),
            ("vertex data ", &[0, 1]),
            ("vertexdata ", &[0, 1]),
            ("vertexbuf", &[2]),
            ("vertex ", &[0, 1, 2]),
            ("std::vector ", &[3]),
            ("xml file ", &[3]),
            ("XMLFile ", &[3]),
            ("rayquery ", &[4]),
            ("RayQuery3D ", &[4]),
            ("PhysicsWorld ", &[4]),
            ("mesh.cpp ", &[1]),
            ("cpp ", &[1]),
        ],
    );
}

#[test]
fn languages_versions_and_numbers() {
    finds(
        &[
            "C++ is fast",
            "C# runs on .NET 6",
            "C with Node.js",
            "Version 1.7.2 of 2016-03-31",
            "port 8080, 12:30",
        ],
        &[
            ("c++ ", &[0]),
            ("C# ", &[1]),
            ("c ", &[2]),
            (".net ", &[1]),
            ("net ", &[1]),
            ("nodejs ", &[2]),
            ("node.js ", &[2]),
            ("1.7.2 ", &[3]),
            ("1.7", &[3]),
            ("2016-03-31 ", &[3]),
            ("8080 ", &[4]),
            ("12:30 ", &[4]),
        ],
    );
}

#[test]
fn addresses_and_dashed_words() {
    finds(
        &[
            "write to jo.doe@mail.example.org",
            "a real-time e-mail",
            "https://example.org/docs/hello?x=1",
            "an email in real time",
        ],
        &[
            ("jo.doe@mail.example.org ", &[0]),
            ("jo.doe", &[0]),
            ("doe ", &[0]),
            ("@mail.example.org ", &[0]),
            ("example.org ", &[0, 2]),
            ("real-time ", &[1, 3]),
            ("realtime ", &[1]),
            ("email ", &[1, 3]),
            ("e-mail ", &[1, 3]),
            ("https://example.org/docs ", &[2]),
        ],
    );
}

#[test]
fn what_is_too_long_to_be_one_word_is_found_by_its_parts() {
    finds(
        &[
            "see how-to-set-the-shadow-map-of-a-light in the manual",
            "how to set the light of a shadow map",
            "AnExceedinglyLongIdentifierThatSomebodyMustHaveTypedWithoutThinkingOfOthers",
        ],
        &[
            ("how-to-set-the-shadow-map-of-a-light ", &[0]),
            ("AnExceedinglyLongIdentifierThatSomebodyMustHaveTypedWithoutThinkingOfOthers ", &[2]),
            ("ExceedinglyLong ", &[2]),
        ],
    );
}
