//! Excerpts: where a text answers, with the hits marked.

use crate::support::Shelf;
use folkmoot_terms::Piece;

/// Excerpts as one text, the hits in brackets.
fn shown(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
        .collect()
}

fn excerpt(q: &str, text: &'static str) -> String {
    let mut shelf = Shelf::default();
    shelf.open("it", "", text);
    shown(&shelf.plan(q).excerpt(text))
}

#[test]
fn hits_are_marked_as_they_were_written() {
    assert_eq!(excerpt("cafe shadow ", "The Café’s  shadows\nmove."), "The [Café]’s [shadows] move.");
    assert_eq!(excerpt("strasse", "Die Straße ist lang."), "Die [Straße] ist lang.");
    assert_eq!(excerpt("vertexdata", "Call SetVertexData(x)."), "Call [SetVertexData](x).");
    assert_eq!(excerpt("vertex ", "Call SetVertexData(x)."), "Call Set[Vertex]Data(x).");
    assert_eq!(excerpt("\"set vertex\"", "Call SetVertexData(x)."), "Call [SetVertex]Data(x).");
    assert_eq!(excerpt("京タワー", "東京タワーに行く"), "東[京タワー]に行く");
    assert_eq!(excerpt("서버는", "새 서버는 빠르다"), "새 [서버는] 빠르다");
    assert_eq!(excerpt("น้ำ", "ดื่มน้ำทุกวัน"), "ดื่ม[น้ำ]ทุกวัน");
    assert_eq!(excerpt("ガラス", "このｶﾞﾗｽの影"), "この[ｶﾞﾗｽ]の影");
}

#[test]
fn what_must_not_occur_is_not_marked() {
    assert_eq!(excerpt("shadow -\"light map\"", "shadow of a light"), "[shadow] of a light");
}

#[test]
fn of_a_long_text_the_place_that_says_most_is_shown() {
    let filler = "Nothing of interest is said in this sentence, nor in any that follow it. ".repeat(8);
    let text = format!("A shadow at first. {filler} Here the shadow map flickers at night. {filler}");
    let mut shelf = Shelf::default();
    shelf.open("it", "", &text);
    let shown = shown(&shelf.plan("shadow map flickers ").excerpt(&text));
    assert!(shown.contains("Here the [shadow] [map] [flickers] at night."), "{shown}");
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    assert!((150..=220).contains(&shown.chars().count()), "{shown}");
}

#[test]
fn a_text_without_hits_shows_its_beginning() {
    let text = "Nothing of interest is said. ".repeat(20);
    let shown = shown(&Shelf::default().plan("shadow").excerpt(&text));
    assert!(shown.starts_with("Nothing of interest") && shown.ends_with("…"), "{shown}");
}

#[test]
fn an_endless_word_is_cut_between_characters_as_people_see_them() {
    let family = "👨‍👩‍👧‍👦".repeat(100);
    let shown = shown(&Shelf::default().plan("shadow").excerpt(&family));
    assert_eq!(shown.trim_end_matches('…').replace("👨‍👩‍👧‍👦", ""), "");
}

#[test]
fn titles_are_marked_whole() {
    let title = "A very long title about shadows ".repeat(10);
    let pieces = Shelf::default().plan("shadows ").mark(&title);
    assert_eq!(pieces.iter().filter(|piece| piece.hit).count(), 10);
    assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), title);
}
