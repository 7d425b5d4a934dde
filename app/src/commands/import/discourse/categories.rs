//! Boards from categories: topics know only their category's number; names come from a file of the operator's, else from
//! the links in posts, else they are "Category N".

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::core::slug::slug;

/// A board to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) slug: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Not everyone might read it there: staff alone may here, until an admin says who else.
    pub(super) restricted: bool,
}

/// What was found out about a category.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// Each name with how often it was seen.
    names: BTreeMap<String, usize>,
    slug: Option<String>,
    description: Option<String>,
    restricted: bool,
}

/// All that is known of categories, by their number there.
#[derive(Debug, Default)]
pub(super) struct Categories {
    named: BTreeMap<i64, Found>,
    found: BTreeMap<i64, Found>,
}

#[derive(Deserialize)]
struct Listed {
    id: i64,
    name: String,
    slug: Option<String>,
    description_text: Option<String>,
    description: Option<String>,
    #[serde(default)]
    read_restricted: bool,
    #[serde(default)]
    subcategory_list: Vec<Listed>,
}

impl Categories {
    /// Reads names from a file: what Discourse answers for `/categories.json` or `/site.json`, a list of such
    /// categories, or simply `{"10": "Support"}`.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let json: Value =
            serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        let mut all = Self::default();
        let list =
            json.pointer("/category_list/categories").or_else(|| json.get("categories")).unwrap_or(&json);
        match list {
            Value::Array(_) => {
                let listed: Vec<Listed> = serde_json::from_value(list.clone())
                    .with_context(|| format!("{}: each category needs id and name", path.display()))?;
                listed.into_iter().for_each(|category| all.name(category));
            }
            Value::Object(map) => {
                for (id, name) in map {
                    let (Ok(id), Some(name)) = (id.parse(), name.as_str()) else {
                        bail!("{}: write {{\"10\": \"Support\"}}; {id:?} is not so", path.display());
                    };
                    all.named.insert(id, Found::of(name, None, None, false));
                }
            }
            _ => bail!("{} holds no categories", path.display()),
        }
        Ok(all)
    }

    fn name(&mut self, category: Listed) {
        let description = category.description_text.or(category.description).map(|text| plain(&text));
        let found = Found::of(&category.name, category.slug, description, category.read_restricted);
        self.named.insert(category.id, found);
        category.subcategory_list.into_iter().for_each(|inner| self.name(inner));
    }

    /// Looks for links to categories in a cooked body.
    pub(super) fn learn(&mut self, cooked: &str) {
        for (at, _) in cooked.match_indices("/c/") {
            if let Some((id, slug, name, description)) = link(cooked, at) {
                let found = self.found.entry(id).or_default();
                *found.names.entry(name).or_default() += 1;
                found.slug = found.slug.take().or(slug);
                found.description = found.description.take().or(description);
            }
        }
    }

    /// The boards for these categories; `None` stands for topics without one. No two have the same address.
    pub(super) fn boards(&self, wanted: &BTreeSet<Option<i64>>) -> BTreeMap<Option<i64>, Category> {
        let mut taken = BTreeSet::new();
        let mut boards = BTreeMap::new();
        for id in wanted {
            let mut category = self.category(*id);
            let stem = category.slug.clone();
            let mut number = 2;
            while !taken.insert(category.slug.clone()) {
                category.slug = format!("{stem}-{number}");
                number += 1;
            }
            boards.insert(*id, category);
        }
        boards
    }

    fn category(&self, id: Option<i64>) -> Category {
        let Some(id) = id else {
            return Category {
                slug: String::from("uncategorized"),
                title: String::from("Uncategorized"),
                description: String::new(),
                restricted: false,
            };
        };
        let (named, found) = (self.named.get(&id), self.found.get(&id));
        let title = named.or(found).and_then(Found::name).unwrap_or_else(|| format!("Category {id}"));
        let address = named.and_then(|f| f.slug.clone()).or_else(|| found.and_then(|f| f.slug.clone()));
        let address = address.map(|text| ascii(&text)).filter(|text| !text.is_empty());
        let fallback = Some(ascii(&slug(&title))).filter(|text| !text.is_empty());
        let description = named.or(found).and_then(|f| f.description.clone());
        Category {
            slug: address.or(fallback).unwrap_or_else(|| format!("category-{id}")),
            title,
            description: description.unwrap_or_default(),
            restricted: named.is_some_and(|f| f.restricted),
        }
    }
}

impl Found {
    fn of(name: &str, slug: Option<String>, description: Option<String>, restricted: bool) -> Self {
        let name = name.replace('\0', "").trim().to_owned();
        Self { names: BTreeMap::from([(name, 1)]), slug, description, restricted }
    }

    fn name(&self) -> Option<String> {
        self.names
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .max_by_key(|(_, count)| **count)
            .map(|(name, _)| name.clone())
    }
}

/// A link to a category: its number, the last part of its path, its text and its title. `at` is where `/c/` begins.
fn link(cooked: &str, at: usize) -> Option<(i64, Option<String>, String, Option<String>)> {
    let start = cooked[..at].rfind("<a ")?;
    let tag_end = start + cooked[start..].find('>')?;
    if tag_end < at {
        return None;
    }
    let end = tag_end + cooked[tag_end..].find("</a>")?;
    let target = cooked[at + "/c/".len()..tag_end].split('"').next()?;
    let mut parts = target.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/');
    let id = parts.next()?.parse().ok()?;
    let inner = &cooked[tag_end + 1..end];
    let name = plain(inner);
    if name.is_empty() || name.contains("://") {
        return None;
    }
    let description = inner.split_once("title=\"").and_then(|(_, rest)| rest.split('"').next()).map(plain);
    Some((id, parts.next().map(str::to_owned), name, description))
}

/// Words without tags, entities resolved.
fn plain(html: &str) -> String {
    folkmoot_markup::plain_text(html).replace('\0', "").trim().to_owned()
}

/// A board's address: lower-case ASCII letters, digits and dashes.
fn ascii(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = r##"<p>see <a class="badge-wrapper bullet" href="/c/discussions/support/10"><span class="bg"></span><span
        class="badge-category" title="Someone can help you.">Support &amp; more</span></a> and /c/nothing/3</p>"##;

    #[test]
    fn a_board_is_named_by_the_file_else_by_links_else_by_its_number() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, r#"{"7": "Discussions"}"#).unwrap();
        let mut categories = Categories::read(file.path()).unwrap();
        categories.learn(LINK);
        let boards = categories.boards(&BTreeSet::from([None, Some(7), Some(10), Some(12)]));
        let told: Vec<_> =
            boards.values().map(|b| (b.slug.as_str(), b.title.as_str(), b.description.as_str())).collect();
        assert_eq!(
            told,
            [
                ("uncategorized", "Uncategorized", ""),
                ("discussions", "Discussions", ""),
                ("support", "Support & more", "Someone can help you."),
                ("category-12", "Category 12", ""),
            ]
        );
    }

    #[test]
    fn lists_of_discourse_are_read_with_their_inner_categories() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let json = r#"{"category_list": {"categories": [{"id": 1, "name": "A", "slug": "same",
            "subcategory_list": [{"id": 2, "name": "B", "slug": "same", "description_text": "<b>x</b>"}]}]}}"#;
        std::fs::write(&file, json).unwrap();
        let boards = Categories::read(file.path()).unwrap().boards(&BTreeSet::from([Some(1), Some(2)]));
        let slugs: Vec<_> = boards.values().map(|board| board.slug.as_str()).collect();
        assert_eq!(slugs, ["same", "same-2"]);
        assert_eq!(boards[&Some(2)].description, "x");
    }
}
