//! Order: what a person would want to see first, and what must not be seen.

use crate::support::Shelf;
use folkmoot_terms::{Expression, Fact, Has, Kind, Source};

/// A shelf of threads that are not about what is asked, so that words have frequencies.
fn shelf() -> Shelf {
    let mut shelf = Shelf::default();
    for name in ["filler 1", "filler 2", "filler 3", "filler 4", "filler 5", "filler 6"] {
        shelf.open(name, "Something else", "The quick brown fox jumps over the lazy dog and the lazy cat.");
    }
    shelf
}

#[test]
fn a_title_comes_before_a_body() {
    let mut shelf = shelf();
    shelf.open("title", "Shadow flickers", "It happens at night.");
    shelf.open("body", "It happens at night", "The shadow flickers.");
    assert_eq!(shelf.find("shadow flickers "), ["title", "body"]);
}

#[test]
fn an_opening_post_comes_before_a_reply() {
    let mut shelf = shelf();
    shelf.open("other", "At night", "Nothing here.");
    shelf.open("opening", "At night", "The shadow flickers.");
    shelf.reply("reply", "other", "The shadow flickers.");
    assert_eq!(shelf.find("shadow "), ["opening", "reply"]);
}

#[test]
fn all_words_come_before_some() {
    let mut shelf = shelf();
    shelf.open("some", "Shadow of a shadow", "Shadow, shadow, shadow.");
    shelf.open("all", "At night", "When the camera is far away, some shadow or other will begin to flicker.");
    assert_eq!(shelf.find("flicker camera shadow "), ["all"]);
    assert_eq!(shelf.find("shadow flicker camera moon "), ["all"]);
}

#[test]
fn of_a_short_question_some_words_are_enough_only_if_there_is_little_else() {
    let mut shelf = shelf();
    shelf.open("some", "Shadow of a shadow", "Shadow, shadow, shadow.").open(
        "all",
        "At night",
        "A shadow flickers.",
    );
    assert_eq!(shelf.find("flicker shadow "), ["all", "some"]);
    for _ in 0..9 {
        shelf.open("all", "At night", "A shadow flickers.");
    }
    assert_eq!(shelf.find("flicker shadow "), ["all"; 10]);
}

#[test]
fn of_a_long_question_not_every_word_is_meant() {
    let mut shelf = shelf();
    for _ in 0..6 {
        shelf.open("common words", "To be", "Where to go on a day like this: to the games on the hill.");
    }
    shelf.open("answer", "Android storage", "Where to save games: in the external storage folder.");
    let long = "There is a place where cats eat. To have a dog is another thing, on some level. Save it. "
        .repeat(20);
    shelf.open("rambling", "Anything else", &format!("{long} Android games on storage, or how."));
    assert_eq!(shelf.find("where to save games on android storage")[0], "answer");
    assert_eq!(shelf.whole("where to save games on android storage"), ["rambling"]);
}

#[test]
fn words_that_stand_together_come_before_words_far_apart() {
    let mut shelf = shelf();
    shelf.open("apart", "At night", "The map shows where the tall tower throws its long cold shadow.");
    shelf.open("turned", "At night", "A map: shadow again, with some more words to have as many as others.");
    shelf.open("together", "At night", "A shadow map, again with some more words to have as many as others.");
    assert_eq!(shelf.find("shadow map "), ["together", "turned", "apart"]);
}

#[test]
fn a_rare_word_counts_for_more_than_a_common_one() {
    let mut shelf = shelf();
    shelf.open("common", "Lazy, lazy", "The quick lazy dog.");
    shelf.open("rare", "At night", "About the quaternion.");
    assert_eq!(shelf.find("lazy quaternion slerp ").first(), Some(&"rare"));
}

#[test]
fn a_fresh_answer_comes_first_among_equals_only() {
    let mut shelf = shelf();
    shelf.open("old and better", "Shadow", "Shadow.");
    shelf.open("old", "At night", "The shadow flickers.");
    shelf.open("fresh", "At night", "The shadow flickers.");
    assert_eq!(shelf.find("shadow "), ["old and better", "fresh", "old"]);
}

#[test]
fn a_thread_may_hold_the_words_in_several_posts() {
    let mut shelf = shelf();
    shelf.open("one word", "Cascades", "Nothing else.");
    shelf.open("thread", "Shadow flickers", "Only at night.");
    shelf.reply("answer", "thread", "Try other cascades.");
    assert_eq!(shelf.find("shadow cascades ").len(), 2);
    assert!(["thread", "answer"].contains(&shelf.find("shadow cascades ")[0]));
    assert_eq!(shelf.whole("shadow cascades ").len(), 1);
}

#[test]
fn a_thread_is_one_answer() {
    let mut shelf = shelf();
    shelf.open("thread", "Shadow", "The shadow flickers.");
    shelf.reply("one", "thread", "A shadow.").reply("two", "thread", "My shadow, too.");
    let (_, _, ranking) = shelf.search("shadow ");
    assert_eq!(ranking.answers.len(), 1);
    assert_eq!(ranking.answers[0].others.len(), 2);
}

#[test]
fn a_phrase_is_found_as_it_stands() {
    let mut shelf = shelf();
    shelf.open("phrase", "At night", "The shadow map is small.");
    shelf.open("words", "At night", "The map has a shadow.");
    shelf.open("repeated", "At night", "Shadow shadow map.");
    let mut found = shelf.find("\"shadow map\"");
    found.sort_unstable();
    assert_eq!(found, ["phrase", "repeated"]);
    assert_eq!(shelf.find("\"the shadow map\""), ["phrase"]);
    assert_eq!(shelf.find("small -\"shadow map\""), Vec::<&str>::new());
    assert_eq!(shelf.find("has -\"shadow map\""), ["words"]);
}

#[test]
fn a_phrase_of_characters_is_found_as_it_stands() {
    let mut shelf = shelf();
    shelf.open("phrase", "夜", "東京の天気");
    shelf.open("pairs", "夜", "東京と京の");
    assert_eq!(shelf.whole("\"東京の天\""), ["phrase"]);
    assert_eq!(shelf.whole("\"京の\""), ["pairs", "phrase"]);
}

#[test]
fn what_must_not_occur_does_not() {
    let mut shelf = shelf();
    shelf.open("vulkan", "Shadow", "With Vulkan.").open("opengl", "Shadow", "With OpenGL.");
    shelf.open("identifier", "Shadow", "CreateVulkanDevice");
    assert_eq!(shelf.find("shadow -vulkan "), ["opengl"]);
    assert_eq!(shelf.find("shadow -CreateVulkanDevice -open_gl"), ["vulkan"]);
    let mut rest = shelf.find("-lazy");
    rest.sort_unstable();
    assert_eq!(rest, ["identifier", "opengl", "vulkan"]);
}

#[test]
fn words_can_be_asked_for_in_titles() {
    let mut shelf = shelf();
    shelf.open("title", "Shadows at night", "Nothing.").open("body", "At night", "Shadows.");
    shelf.reply("reply", "title", "Shadows.");
    assert_eq!(shelf.find("in:title shadow "), ["title"]);
    assert_eq!(shelf.find("in:title \"at night\""), ["body", "title"]);
}

#[test]
fn the_whole_word_comes_before_longer_ones_and_those_before_parts() {
    let mut shelf = shelf();
    shelf.open("part", "At night", "An unshaded thing that stands there.");
    shelf.open("longer", "At night", "A shader is a thing that stands.");
    shelf.open("whole", "At night", "A shade is a thing that stands.");
    assert_eq!(shelf.find("shade"), ["whole", "longer", "part"]);
}

#[test]
fn common_words_alone_are_answered_too() {
    let shelf = shelf();
    assert_eq!(shelf.find("the the the the").len(), 6);
    assert_eq!(shelf.find("the lazy and").len(), 6);
}

#[test]
fn if_nobody_wrote_a_word_the_rest_is_found() {
    let mut shelf = shelf();
    shelf.open("found", "Shadow flickers", "At night.");
    let (_, _, ranking) = shelf.search("shadow flickers xyzzyplugh ");
    assert_eq!(ranking.answers.len(), 1);
    assert!(!ranking.answers[0].whole);
}

#[test]
fn people_boards_and_tags_come_first_if_they_are_what_was_asked_for() {
    let mut shelf = shelf();
    shelf.open("thread", "Ann", "Ann, Ann and Ann.");
    shelf.put("person", Kind::Person, 0, &Source { title: "ann", ..Source::default() });
    shelf.put(
        "other person",
        Kind::Person,
        0,
        &Source { title: "bob", body: "friend of ann", ..Source::default() },
    );
    assert_eq!(shelf.find("ann "), ["person", "thread", "other person"]);
}

#[test]
fn what_describes_a_thread_counts_for_more_than_its_body() {
    let mut shelf = shelf();
    shelf.put("body", Kind::Opening, 90, &Source { title: "x", body: "about lights", ..Source::default() });
    shelf.put(
        "tag",
        Kind::Opening,
        91,
        &Source { title: "x", body: "about", about: &["lights"], ..Source::default() },
    );
    assert_eq!(shelf.find("lights "), ["tag", "body"]);
}

#[test]
fn facts_are_terms_that_no_word_can_be() {
    let facts =
        [Fact::Author("A-1"), Fact::Board("7"), Fact::Tag("Big Maps"), Fact::Opening, Fact::Has(Has::Code)];
    let mut shelf = Shelf::default();
    shelf.put("it", Kind::Opening, 1, &Source { title: "x", facts: &facts, ..Source::default() });
    for (fact, term) in facts.iter().zip(["§aa-1", "§b7", "§gbig_maps", "§o", "§hcode"]) {
        assert_eq!(fact.term(), term);
        assert_eq!(shelf.holding(&Expression::Term(fact.term())), [0]);
        assert_eq!(shelf.find(term), Vec::<&str>::new());
    }
}
