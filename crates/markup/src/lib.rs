//! Text to safe HTML: Markdown and imported HTML; pure, and fuzzed.
