//! What texts of many scripts, identifiers and addresses are cut into.

use folkmoot_terms::cut;

#[track_caller]
fn is_cut(text: &str, folded: &str) {
    assert_eq!(cut(text).text, folded, "{text}");
}

#[test]
fn identifiers_fall_into_their_parts() {
    is_cut("SetVertexData snake_case __init__", "set_vertex_data snake_case init");
    is_cut("XMLFile many URLs, HTTPServer2", "xml_file many urls http_server_2");
    is_cut("Urho3DEngine RayQuery3D md3", "urho_3d_engine ray_query_3d md_3");
    is_cut("node->GetComponent<Light>()", "node get_component light");
    is_cut("2016Release 60fps 3D", "2016_release 60fps 3d");
}

#[test]
fn signs_that_belong_to_names_stay() {
    is_cut("C++, c++11 and g++", "c_++ c_++-11 and g_++");
    is_cut("C# or F#, not #tag", "c_# or f_# not tag");
    is_cut(".NET (.xml) asp.net", "._net ._xml asp-net");
    is_cut("a...b end. Next 1 + 2", "a b end next 1 2");
}

#[test]
fn what_is_written_together_stays_together() {
    is_cut("node.js e-mail don't rock’n’roll", "node-js e-mail don-t rock-n-roll");
    is_cut("jo.doe@example.org", "jo-doe-example-org");
    is_cut("v1.7.2 and 3.14, 12:30", "v_1.7.2 and 3.14 12 30");
    is_cut("https://example.org/a/b?c=d", "https example-org a b c d");
    is_cut("- dash -- dash -", "dash dash");
}

#[test]
fn letters_are_folded_as_people_leave_signs_out() {
    is_cut("Café naïve Straße ﬁne Ｆｕｌｌ１２", "cafe naive strasse fine full_12");
    is_cut("cafe\u{301}", "cafe");
    is_cut("Ægir and ÆON", "aegir and aeon");
    is_cut("İstanbul ISPARTA ılık", "istanbul isparta ilik");
    is_cut("Tiếng Việt, đường", "tieng viet duong");
    is_cut("Ёлка йод и\u{306}од Їжак", "елка йод йод їжак");
    is_cut("ΆΛΦΑ Ὀδυσσεύς", "αλφα οδυσσευσ");
    is_cut("العَرَبِيَّة أهـلاً ۲۰۲۰", "العربيه اهلا 2020");
    is_cut("שָׁלוֹם", "שלומ");
    is_cut("हिन्दी में", "हिन्दी में");
}

#[test]
fn scripts_without_spaces_are_runs() {
    is_cut("東京タワーに行く。ｶﾞﾗｽ", "東京タワーに行く ガラス");
    is_cut("か\u{3099}", "が");
    is_cut("Unity用户，2D游戏", "unity 用户 2d 游戏");
    is_cut("서버는 \u{1112}\u{1161}\u{11AB}글", "서버는 한글");
    is_cut("น้ำ ភាសាខ្មែរ", "น้ำ ភាសាខ្មែរ");
}

#[test]
fn each_part_says_where_it_stood() {
    let text = "The XMLFile: 東京 cafe\u{301}, C++";
    let cut = cut(text);
    let parts: Vec<&str> = cut.parts.iter().map(|part| &text[part.from..part.to]).collect();
    assert_eq!(parts, ["The", "XML", "File", "東", "京", "cafe\u{301}", "C", "++"]);
    let places: Vec<&str> = cut.parts.iter().map(|part| &cut.text[part.at..part.at + 1]).take(3).collect();
    assert_eq!(places, ["t", "x", "f"]);
}
