//! `GET /api/docs`: the description of the API as a page for people, made from the same document, without scripts.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use super::{Server, openapi};
use crate::core::Result;
use crate::core::error::Error;

/// A call with its address and method.
type Call<'a> = (&'a str, &'a str, &'a Value);

/// The page.
pub(super) async fn answer(State(server): State<Server>) -> Result<Html<String>> {
    let address = server.app.config.server.api_base_url().to_string();
    let document = serde_json::to_value(openapi::document(&address)).map_err(Error::internal)?;
    Ok(Html(page(&document, &server.assets.release.name).into_string()))
}

fn page(document: &Value, release: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { "API · " (text(&document["info"]["title"])) }
                @for sheet in ["tokens", "global", "prose", "api"] {
                    link rel="stylesheet" href=(format_args!("/assets/{release}/css/{sheet}.css"));
                }
            }
            body {
                main.prose {
                    h1 { (text(&document["info"]["title"])) " " (text(&document["info"]["version"])) }
                    p { (words(text(&document["info"]["description"]))) }
                    p { "For programs: " a href="/api/openapi.json" { "openapi.json" } }
                    @for (tag, calls) in by_tag(document) {
                        h2 id=(tag) { (tag) }
                        @for call in calls { (one_call(call)) }
                    }
                    h2 id="schemas" { "Schemas" }
                    @for (name, schema) in members(&document["components"]["schemas"]) { (one_schema(name, schema)) }
                }
            }
        }
    }
}

fn by_tag(document: &Value) -> BTreeMap<&str, Vec<Call<'_>>> {
    let mut tags: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (path, calls) in members(&document["paths"]) {
        for (method, call) in members(calls) {
            tags.entry(text(&call["tags"][0])).or_default().push((path, method, call));
        }
    }
    tags
}

fn one_call((path, method, call): Call) -> Markup {
    let body = &call["requestBody"]["content"]["application/json"]["schema"];
    let parameters = call["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        h3 { code { (method.to_uppercase()) " " (path) } }
        p { (words(text(&call["summary"]))) }
        @if !parameters.is_empty() || !body.is_null() {
            ul {
                @for parameter in parameters {
                    li {
                        code { (text(&parameter["name"])) } " (" (text(&parameter["in"])) "): "
                        (kind(&parameter["schema"])) " " (words(text(&parameter["description"])))
                    }
                }
                @if !body.is_null() { li { "body: " (kind(body)) } }
            }
        }
        ul {
            @for (status, answer) in members(&call["responses"]) {
                li {
                    b { (status) } " " (words(text(&answer["description"]))) " "
                    (kind(&answer["content"]["application/json"]["schema"]))
                }
            }
        }
    }
}

fn one_schema(name: &str, schema: &Value) -> Markup {
    html! {
        h3 id=(name) { (name) }
        p { (words(text(&schema["description"]))) }
        @if schema["properties"].is_object() {
            ul {
                @for (name, property) in members(&schema["properties"]) {
                    li { code { (name) } ": " (kind(property)) " " (words(text(&property["description"]))) }
                }
            }
        } @else {
            p { (kind(schema)) }
        }
    }
}

/// What a value is: a link to its schema, a list of something, one of some words, or a plain type.
fn kind(schema: &Value) -> Markup {
    let several = ["oneOf", "anyOf", "allOf"].iter().find_map(|word| schema[*word].as_array());
    let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    html! {
        @if let Some(name) = named {
            a href=(format_args!("#{name}")) { (name) }
        } @else if let Some(kinds) = several {
            @for (at, one) in kinds.iter().enumerate() { @if at > 0 { " or " } (kind(one)) }
        } @else if let Some(words) = schema["enum"].as_array() {
            @for (at, word) in words.iter().enumerate() { @if at > 0 { ", " } code { (text(word)) } }
        } @else if schema["type"] == "array" {
            "list of " (kind(&schema["items"]))
        } @else {
            @for (at, word) in types(&schema["type"]).into_iter().enumerate() { @if at > 0 { " or " } (word) }
        }
    }
}

/// Words in which backticks mark code.
fn words(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A type, or several.
fn types(value: &Value) -> Vec<&str> {
    match value.as_array() {
        Some(several) => several.iter().map(text).collect(),
        None => vec![text(value)],
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_call_and_links_to_every_schema() {
        let document = serde_json::to_value(openapi::document("http://localhost")).unwrap();
        let page = page(&document, "abc").into_string();
        for (path, calls) in members(&document["paths"]) {
            for (method, _) in members(calls) {
                let call = html! { (method.to_uppercase()) " " (path) }.into_string();
                assert!(page.contains(&call), "{call}");
            }
        }
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{link}\"")), "nothing is called {link}");
        }
        assert!(!page.contains("<script"));
    }
}
