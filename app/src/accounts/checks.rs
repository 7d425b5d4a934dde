//! Checking what a form brings: every field is looked at, and every problem is told at once.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::core::error::Fields;
use crate::core::{Error, Result};

/// A field as it came. Reading it never fails, so that one wrong field does not hide the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given<T> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// There, but of another type.
    Unfit,
    /// There.
    Is(T),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self::Absent,
            value => serde_json::from_value(value).map_or(Self::Unfit, Self::Is),
        })
    }
}

/// Collects what is wrong with a form.
#[derive(Debug, Default)]
pub struct Checks {
    problems: Fields,
}

impl Checks {
    /// A field that must be there and keep its rule.
    pub fn required<T, R>(
        &mut self,
        field: &'static str,
        given: Given<T>,
        rule: impl FnOnce(T) -> Result<R, String>,
    ) -> Option<R> {
        match given {
            Given::Absent => self.refuse(field, "This is needed."),
            Given::Unfit => self.refuse(field, "This is of the wrong type."),
            Given::Is(value) => match rule(value) {
                Ok(value) => Some(value),
                Err(why) => self.refuse(field, why),
            },
        }
    }

    /// A field that keeps its rule if it is there: `Some(None)` when it is not, `None` when it is wrong.
    pub fn optional<T, R>(
        &mut self,
        field: &'static str,
        given: Given<T>,
        rule: impl FnOnce(T) -> Result<R, String>,
    ) -> Option<Option<R>> {
        match given {
            Given::Absent => Some(None),
            given => self.required(field, given, rule).map(Some),
        }
    }

    /// Notes a problem. Answers `None`, for use in place of a value.
    pub fn refuse<R>(&mut self, field: &'static str, why: impl Into<String>) -> Option<R> {
        self.problems.insert(Cow::Borrowed(field), why.into());
        None
    }

    /// Adds problems found elsewhere.
    pub fn extend(&mut self, problems: Fields) {
        self.problems.extend(problems);
    }

    /// Whether nothing is wrong so far.
    pub fn are_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The checked value, which is there when nothing is wrong.
    ///
    /// # Errors
    /// `Invalid` with every problem.
    pub fn finish<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self.problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Checks, Given};
    use crate::core::Error;

    #[derive(Deserialize)]
    struct Form {
        #[serde(default)]
        name: Given<String>,
        #[serde(default)]
        age: Given<i64>,
    }

    fn read(form: &str) -> (Given<String>, Given<i64>) {
        let form: Form = serde_json::from_str(form).unwrap();
        (form.name, form.age)
    }

    #[test]
    fn a_field_is_absent_unfit_or_there() {
        assert_eq!(read("{}"), (Given::Absent, Given::Absent));
        assert_eq!(read(r#"{"name":null,"age":"7"}"#), (Given::Absent, Given::Unfit));
        assert_eq!(read(r#"{"name":"Ann","age":7.5}"#), (Given::Is("Ann".to_owned()), Given::Unfit));
        assert_eq!(read(r#"{"name":["Ann"],"age":7}"#), (Given::Unfit, Given::Is(7)));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let mut checks = Checks::default();
        let name = checks.required("name", Given::<String>::Absent, Ok);
        let age = checks.required("age", Given::Is(7), |_| Err::<i64, _>(String::from("too young")));
        let Err(Error::Invalid(problems)) = checks.finish(name.zip(age)) else { panic!("it was taken") };
        assert_eq!(problems.into_keys().collect::<Vec<_>>(), ["age", "name"]);
    }

    #[test]
    fn an_optional_field_may_be_left_out_but_not_be_wrong() {
        let mut checks = Checks::default();
        assert_eq!(checks.optional("age", Given::Absent, Ok::<i64, String>), Some(None));
        assert_eq!(checks.optional("age", Given::Unfit, Ok::<i64, String>), None);
        assert!(!checks.are_clean());
    }
}
