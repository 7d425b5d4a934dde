//! How the types of settings are read from text and shown again.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// A type that a setting can have. Text in, text out; the file's numbers and lists pass through text as well.
pub trait Value: Sized {
    /// What a good value looks like, to finish the sentence "expected …".
    fn expects() -> String;

    /// Reads a value.
    ///
    /// # Errors
    /// What is wrong, when there is more to say than what was expected; else an empty text.
    fn parse(text: &str) -> Result<Self, String>;

    /// The value as one would write it; secrets are hidden.
    fn show(&self) -> String;

    /// The value as a number, for the check of limits.
    fn number(&self) -> Option<u64> {
        None
    }

    /// What an unset setting without default is; `None`: it must be set.
    fn absent() -> Option<Self> {
        None
    }
}

macro_rules! whole_numbers {
    ($($type:ty),+) => {$(
        impl Value for $type {
            fn expects() -> String {
                "a whole number".to_owned()
            }

            fn parse(text: &str) -> Result<Self, String> {
                text.parse().map_err(|_| String::new())
            }

            fn show(&self) -> String {
                self.to_string()
            }

            fn number(&self) -> Option<u64> {
                u64::try_from(*self).ok()
            }
        }
    )+};
}

whole_numbers!(u16, u32, u64, usize);

impl Value for String {
    fn expects() -> String {
        "a text".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Value for PathBuf {
    fn expects() -> String {
        "a path".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for IpAddr {
    fn expects() -> String {
        "an IP address such as 127.0.0.1, 0.0.0.0 or ::".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| String::new())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for SocketAddr {
    fn expects() -> String {
        "an address with port such as 127.0.0.1:9464".to_owned()
    }

    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| String::new())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl<T: Value> Value for Option<T> {
    fn expects() -> String {
        T::expects()
    }

    fn parse(text: &str) -> Result<Self, String> {
        T::parse(text).map(Some)
    }

    fn show(&self) -> String {
        self.as_ref().map(T::show).unwrap_or_default()
    }

    fn number(&self) -> Option<u64> {
        self.as_ref().and_then(T::number)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Value> Value for Vec<T> {
    fn expects() -> String {
        format!("a list, separated by commas, each {}", T::expects())
    }

    fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| T::parse(part).map_err(|why| format!("\"{part}\" is wrong. {why}"))).collect()
    }

    fn show(&self) -> String {
        self.iter().map(T::show).collect::<Vec<_>>().join(", ")
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// Declares a setting that is one of a few words.
macro_rules! words {
    (
        $(#[$meta:meta])+
        pub enum $name:ident { $( $(#[$word_meta:meta])+ $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $( $(#[$word_meta])+ $variant ),+ }

        impl $crate::config::Value for $name {
            fn expects() -> String {
                format!("one of {}", [$($word),+].join(", "))
            }

            fn parse(text: &str) -> Result<Self, String> {
                match text.to_ascii_lowercase().as_str() {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err(String::new()),
                }
            }

            fn show(&self) -> String {
                match self { $( Self::$variant => $word.to_owned(), )+ }
            }
        }
    };
}

pub(in crate::config) use words;
