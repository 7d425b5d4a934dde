//! Collects the values of settings from environment, file and defaults, and everything that is wrong with them.

use std::collections::BTreeMap;
use std::fmt;

use super::declare::{Section, Setting};
use super::secret::HIDDEN;
use super::values::Value;

/// Environment variables, as the process was given them or as a test wrote them.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The variables of this process. The one place that reads them; what is not Unicode is left out.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    /// These variables, with those of another set where this one has none.
    #[must_use]
    pub fn over(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// The value of a variable; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Reads `NAME=value` lines as compose and systemd do: `#` begins a comment line, quotes around a value are dropped.
///
/// # Errors
/// The first line that is neither.
pub fn parse_env_file(text: &str) -> Result<Environment, String> {
    let mut variables = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) =
            line.split_once('=').ok_or_else(|| format!("line {}: expected NAME=value", number + 1))?;
        let value = value.trim();
        let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let value = inner('"').or_else(|| inner('\'')).unwrap_or(value);
        variables.insert(name.trim().trim_start_matches("export ").to_owned(), value.to_owned());
    }
    Ok(Environment(variables))
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An environment variable, or the file that one names.
    Environment,
    /// The settings file.
    File,
    /// The declaration.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable, or the key of the file.
    pub setting: String,
    /// What is wrong and what would be right; never a secret.
    pub why: String,
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> =
            self.0.iter().map(|problem| format!("{} {}", problem.setting, problem.why)).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// A setting's value in printable form.
#[derive(Clone, Debug)]
pub struct Found {
    /// The table of the file.
    pub section: &'static str,
    /// The declaration.
    pub setting: &'static Setting,
    /// As one would write it; secrets hidden, empty when unset.
    pub shown: String,
    /// Where it came from.
    pub source: Source,
}

/// Takes setting after setting and remembers what was found and what was wrong.
pub(in crate::config) struct Reader<'a> {
    environment: &'a Environment,
    file: toml::Table,
    sections: &'static [&'static Section],
    found: Vec<Found>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        environment: &'a Environment,
        file: Option<&str>,
        sections: &'static [&'static Section],
    ) -> Self {
        let parsed = file.unwrap_or_default().parse::<toml::Table>();
        let mut reader =
            Self { environment, file: toml::Table::new(), sections, found: Vec::new(), problems: Vec::new() };
        match parsed {
            Ok(table) => reader.file = table,
            Err(error) => reader.refuse("The settings file", &format!("is not TOML: {error}")),
        }
        reader.refuse_unknown_keys();
        reader
    }

    /// Notes a problem with a setting.
    pub(super) fn refuse(&mut self, setting: &str, why: &str) {
        self.problems.push(Problem { setting: setting.to_owned(), why: why.to_owned() });
    }

    /// Where the value of a setting that was already taken came from.
    pub(super) fn source(&self, variable: &str) -> Source {
        let found = self.found.iter().find(|found| found.setting.variable == variable);
        found.map_or(Source::Default, |found| found.source)
    }

    /// What was found, and all that was wrong.
    pub(super) fn finish(self) -> (Vec<Found>, Problems) {
        (self.found, Problems(self.problems))
    }

    /// Takes one setting; `None` when it is wrong.
    pub(super) fn take<T: Value>(&mut self, section: &'static str, key: &'static str) -> Option<T> {
        let declared = self.sections.iter().find(|one| one.name == section)?;
        let setting = declared.settings.iter().find(|setting| setting.key == key)?;
        let (name, text, source) = match self.text(section, setting) {
            Ok(found) => found,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let parsed = match &text {
            Some(text) => checked::<T>(setting, text),
            None => T::absent().ok_or_else(|| "is not set".to_owned()),
        };
        match parsed {
            Ok(value) => {
                self.found.push(Found { section, setting, shown: value.show(), source });
                Some(value)
            }
            Err(why) => {
                self.problems.push(Problem { setting: name, why });
                None
            }
        }
    }

    /// The text of a setting, under which name it was found and where.
    fn text(&self, section: &str, setting: &Setting) -> Result<(String, Option<String>, Source), Problem> {
        let names = std::iter::once(setting.variable).chain(setting.aliases.iter().copied());
        let set = names.into_iter().find_map(|name| Some((name, self.environment.get(name)?)));
        if setting.secret
            && let Some(found) = self.named_file(setting, set.is_some())?
        {
            return Ok(found);
        }
        if let Some((name, value)) = set {
            return Ok((name.to_owned(), Some(value.to_owned()), Source::Environment));
        }
        let path = format!("{section}.{}", setting.key);
        if let Some(value) = self.file.get(section).and_then(|table| table.get(setting.key)) {
            let text = plain(value).ok_or_else(|| Problem {
                setting: path.clone(),
                why: format!("is of the wrong kind; expected {}", setting.right()),
            })?;
            return Ok((path, Some(text), Source::File));
        }
        Ok((setting.variable.to_owned(), setting.default.map(str::to_owned), Source::Default))
    }

    /// A secret from the file that `VARIABLE_FILE` names, without the line end that editors leave.
    fn named_file(
        &self,
        setting: &Setting,
        also_set: bool,
    ) -> Result<Option<(String, Option<String>, Source)>, Problem> {
        let name = format!("{}_FILE", setting.variable);
        let Some(path) = self.environment.get(&name) else {
            return Ok(None);
        };
        if also_set {
            let why = format!("and {} are both set; keep one", setting.variable);
            return Err(Problem { setting: name, why });
        }
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some((name, Some(text.trim_end().to_owned()), Source::Environment))),
            Err(error) => {
                Err(Problem { setting: name, why: format!("names {path}, which cannot be read: {error}") })
            }
        }
    }

    fn refuse_unknown_keys(&mut self) {
        let mut unknown = Vec::new();
        for (name, value) in &self.file {
            let Some(section) = self.sections.iter().find(|section| section.name == name) else {
                let names: Vec<_> = self.sections.iter().map(|section| section.name).collect();
                let why = format!("is not a section; there are {}", names.join(", "));
                unknown.push(Problem { setting: format!("[{name}]"), why });
                continue;
            };
            let Some(table) = value.as_table() else {
                unknown.push(Problem { setting: name.clone(), why: format!("must be a section: [{name}]") });
                continue;
            };
            let keys: Vec<_> = section.settings.iter().map(|setting| setting.key).collect();
            for key in table.keys().filter(|key| !keys.contains(&key.as_str())) {
                let why = format!("is not a setting; {}", nearest(key, &keys));
                unknown.push(Problem { setting: format!("{name}.{key}"), why });
            }
        }
        self.problems.extend(unknown);
    }
}

/// Parses a value and checks its limits; the error says what was expected, and the value unless it is secret.
fn checked<T: Value>(setting: &Setting, text: &str) -> Result<T, String> {
    let shown = if setting.secret { HIDDEN.to_owned() } else { format!("\"{text}\"") };
    let wrong =
        |more: &str| format!("is {shown}; expected {}. {more}", setting.right()).trim_end().to_owned();
    let value = T::parse(text).map_err(|why| wrong(&why))?;
    match (setting.within, value.number()) {
        (Some((low, high)), Some(number)) if !(low..=high).contains(&number) => Err(wrong("")),
        _ => Ok(value),
    }
}

/// A value of the file as text; tables and dates are nobody's.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(plain).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// "did you mean `host`?" when one key is near, else all of them.
fn nearest(key: &str, known: &[&str]) -> String {
    let near = known.iter().map(|one| (distance(key, one), one)).min();
    match near {
        Some((distance, one)) if distance <= 2 => format!("did you mean {one}?"),
        _ => format!("the section has {}", known.join(", ")),
    }
}

/// How many letters must be put in, taken out or changed to get from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let best = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = best;
        }
    }
    row[b.chars().count()]
}
