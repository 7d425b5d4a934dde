//! The form by which somebody becomes a person here, and its rules.

use serde::Deserialize;
use utoipa::ToSchema;

use super::checks::{Checks, Given};
use super::fields::{self, Checked};
use super::names;

/// What is filled in to register.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct RegistrationForm {
    /// 2 to 30 letters, digits, `_`, `-` and `.`; unique whatever the case. `username` is read as well.
    #[serde(default, alias = "username")]
    #[schema(required, example = "ann", value_type = String)]
    pub nickname: Given<String>,
    /// Unique whatever the case; shown to nobody but its owner and administrators.
    #[serde(default)]
    #[schema(required, example = "ann@example.org", value_type = String)]
    pub email: Given<String>,
    /// At least 10 characters.
    #[serde(default)]
    #[schema(required, example = "a few words make a good one", value_type = String)]
    pub password: Given<String>,
    /// In years.
    #[serde(default)]
    #[schema(required, example = 34, value_type = i64)]
    pub age: Given<i64>,
    /// In one's own words.
    #[serde(default)]
    #[schema(required, example = "female", value_type = String)]
    pub gender: Given<String>,
    /// First name.
    #[serde(default)]
    #[schema(required, example = "Ann", value_type = String)]
    pub first_name: Given<String>,
    /// Last name.
    #[serde(default)]
    #[schema(required, example = "Lee", value_type = String)]
    pub last_name: Given<String>,
}

/// Somebody whose form keeps all rules.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// As they spell it.
    pub nickname: String,
    /// As they spell it.
    pub email: String,
    /// In the form in which it is hashed.
    pub password: String,
    /// What they say of themselves.
    pub personal: Personal,
}

/// What a person says of themselves; shown to nobody but them and administrators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Personal {
    /// In years, when it was stated.
    pub age: i64,
    /// In their words.
    pub gender: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// The names of a form as keys, as far as they keep their rules; to look up whether they are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Of the nickname; empty when it is wrong.
    pub nickname: String,
    /// Of the e-mail address; empty when it is wrong.
    pub email: String,
}

impl RegistrationForm {
    /// Checks every field. The person is there when all of them hold.
    pub fn check(
        self,
        checks: &mut Checks,
        nickname_rule: fn(&str) -> Checked<String>,
        minimum_age: u32,
    ) -> (Keys, Option<NewPerson>) {
        let nickname = checks.required("nickname", self.nickname, |text| nickname_rule(&text));
        let email = checks.required("email", self.email, |text| fields::email(&text));
        let password = checks.required("password", self.password, |text| {
            fields::password(&text, nickname.as_deref(), email.as_deref())
        });
        let personal = personal(checks, self.age, self.gender, self.first_name, self.last_name, minimum_age);
        let keys = Keys { nickname: key(nickname.as_deref()), email: key(email.as_deref()) };
        let person = match (nickname, email, password, personal) {
            (Some(nickname), Some(email), Some(password), Some(personal)) => {
                Some(NewPerson { nickname, email, password, personal })
            }
            _ => None,
        };
        (keys, person)
    }
}

/// Checks what a person says of themselves.
pub fn personal(
    checks: &mut Checks,
    age: Given<i64>,
    gender: Given<String>,
    first_name: Given<String>,
    last_name: Given<String>,
    minimum_age: u32,
) -> Option<Personal> {
    let age = checks.required("age", age, |years| fields::age(years, minimum_age));
    let gender = checks.required("gender", gender, |text| fields::gender(&text));
    let first_name = checks.required("first_name", first_name, |text| fields::name(&text));
    let last_name = checks.required("last_name", last_name, |text| fields::name(&text));
    Some(Personal { age: age?, gender: gender?, first_name: first_name?, last_name: last_name? })
}

fn key(name: Option<&str>) -> String {
    name.map(names::key).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Checks, RegistrationForm, fields};
    use crate::core::Error;

    const SEVEN: [&str; 7] = ["age", "email", "first_name", "gender", "last_name", "nickname", "password"];

    fn problems(form: &str) -> Vec<String> {
        let form: RegistrationForm = serde_json::from_str(form).unwrap();
        let mut checks = Checks::default();
        let (_, person) = form.check(&mut checks, fields::nickname, 13);
        match checks.finish(person) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(problems)) => problems.into_keys().map(Into::into).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn all_seven_fields_are_needed_and_all_that_miss_are_named() {
        assert_eq!(problems("{}"), SEVEN);
        let wrong =
            r#"{"nickname":1,"email":[],"password":true,"age":"x","gender":2,"first_name":{},"last_name":3}"#;
        assert_eq!(problems(wrong), SEVEN);
    }

    #[test]
    fn a_whole_form_is_taken_under_either_name_for_the_nickname() {
        for name in ["nickname", "username"] {
            let form = format!(
                r#"{{"{name}":"ann","email":"ann@example.org","password":"password123","age":34,"gender":"female",
                "first_name":"Ann","last_name":"Lee"}}"#
            );
            assert_eq!(problems(&form), Vec::<String>::new());
        }
    }
}
