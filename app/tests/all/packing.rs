//! What the packer does to the client's scripts: comments go, everything else stays on its line.

#[path = "../../build/comments.rs"]
mod comments;

use std::path::Path;

use comments::strip;

#[test]
fn comments_go_and_code_stays() {
    let cases = [
        ("let a = 1; // one\nlet b;", "let a = 1;\nlet b;"),
        ("/** @type {X} */\nlet a;", "\nlet a;"),
        ("a /* x\ny */ = 1;", "a \n = 1;"),
        ("{\n  let a = 'http://x'; // y\n}", "{\nlet a = 'http://x';\n}"),
        (r#"let a = "\"//";"#, r#"let a = "\"//";"#),
        ("let a = `//${b /* c */ + `/*${d}*/`}//`; // e", "let a = `//${b  + `/*${d}*/`}//`; "),
        ("let a = `\n  // kept\n`;", "let a = `\n  // kept\n`;"),
        ("let a = /[/]\\/\\/*'/.test(b) / 2 / c; // d", "let a = /[/]\\/\\/*'/.test(b) / 2 / c; "),
        ("return /'/g; // x", "return /'/g; "),
        (
            "let f = () => { return { a: `${{ b: 1 }.b}` }; }; // x",
            "let f = () => { return { a: `${{ b: 1 }.b}` }; }; ",
        ),
        ("let ä = 'ö'; // ü", "let ä = 'ö'; "),
    ];
    for (source, wanted) in cases {
        assert_eq!(strip(source).trim_end(), wanted.trim_end(), "{source}");
    }
}

#[test]
fn every_script_of_the_client_keeps_its_lines() {
    let mut scripts = 0;
    each_script(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../client/js")), &mut |source| {
        let packed = strip(source);
        assert_eq!(packed.lines().count(), source.lines().count());
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&strip(&packed)), words(&packed), "nothing is left to take out");
        scripts += 1;
    });
    assert!(scripts > 40, "{scripts}");
}

fn each_script(folder: &Path, take: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_script(&path, take);
        } else if path.extension().is_some_and(|ending| ending == "js") {
            take(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
