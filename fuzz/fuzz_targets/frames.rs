//! Whatever a client says is understood, refused with a sentence, or no frame at all; and what it names is named one way.
#![no_main]

use std::collections::BTreeMap;

use folkmoot::core::streams::Stream;
use folkmoot::realtime::protocol::{Asked, Said};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(said) = Said::read(text) else { return };
    let kind = said.kind.clone();
    match said.understood() {
        Ok(Asked::Hello(hello)) => named_one_way(&hello.cursors),
        Ok(Asked::Subscribe(subscribe)) => named_one_way(&subscribe.streams),
        Ok(Asked::Unsubscribe(_) | Asked::Watch(_)) => {}
        Ok(Asked::Other(said)) => assert_eq!(said.kind, kind),
        Err(why) => assert!(why.starts_with(&kind) && why.len() > kind.len() + 2, "{why}"),
    }
});

/// A stream that went by two names would be followed twice, and its frames heard twice.
fn named_one_way(streams: &BTreeMap<String, i64>) {
    for name in streams.keys() {
        if let Some(stream) = Stream::parse(name) {
            assert_eq!(stream.to_string(), *name);
        }
    }
}
