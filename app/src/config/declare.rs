//! The one macro that declares settings.

/// One setting, as all documents and checks see it.
#[derive(Debug)]
pub struct Setting {
    /// The key in its section of the file.
    pub key: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// Other variables that mean the same; the first name wins when both are set.
    pub aliases: &'static [&'static str],
    /// The default as one would write it; `None`: empty unless set.
    pub default: Option<&'static str>,
    /// What an example file shows when there is no default.
    pub example: Option<&'static str>,
    /// The smallest and largest number that is taken.
    pub within: Option<(u64, u64)>,
    /// Never printed; `VARIABLE_FILE` may name a file that holds it.
    pub secret: bool,
    /// Help, a line each.
    pub help: &'static [&'static str],
    /// What a good value looks like.
    pub expects: fn() -> String,
}

/// Settings that belong together: a table of the file.
#[derive(Debug)]
pub struct Section {
    /// The table's name.
    pub name: &'static str,
    /// What it is about, a line each.
    pub help: &'static [&'static str],
    /// In the order of the documents.
    pub settings: &'static [Setting],
}

impl Setting {
    /// "a whole number from 1 to 1000": what would be right.
    pub fn right(&self) -> String {
        match self.within {
            Some((low, high)) => format!("{} from {low} to {high}", (self.expects)()),
            None => (self.expects)(),
        }
    }
}

/// Declares a section: a struct of settings with all that is generated from them.
///
/// Per field, in this order: `variable`, then optionally `aliases`, `default`, `example`, `within`, `secret`.
/// Its doc comment is its help.
macro_rules! settings {
    (
        $(#[doc = $section_help:literal])+
        pub struct $name:ident in $section:literal {
            $(
                $(#[doc = $help:literal])+
                $field:ident: $type:ty {
                    variable: $variable:literal
                    $(, aliases: [$($alias:literal),+])?
                    $(, default: $default:literal)?
                    $(, example: $example:literal)?
                    $(, within: $low:literal..=$high:literal)?
                    $(, secret: $secret:literal)?
                }
            )+
        }
    ) => {
        $(#[doc = $section_help])+
        #[derive(Clone, Debug)]
        pub struct $name {
            $( $(#[doc = $help])+ pub $field: $type, )+
        }

        impl $name {
            /// The declarations of this section.
            pub const SECTION: $crate::config::Section = $crate::config::Section {
                name: $section,
                help: &[$($section_help),+],
                settings: &[$(
                    $crate::config::Setting {
                        key: stringify!($field),
                        variable: $variable,
                        aliases: &[$($($alias),+)?],
                        default: $crate::config::declare::optional!($($default)?),
                        example: $crate::config::declare::optional!($($example)?),
                        within: $crate::config::declare::optional!($(($low, $high))?),
                        secret: $crate::config::declare::flag!($($secret)?),
                        help: &[$($help),+],
                        expects: <$type as $crate::config::Value>::expects,
                    }
                ),+],
            };

            /// Reads every setting of the section; `None` when one is wrong (the reader knows why).
            pub(in $crate::config) fn read(reader: &mut $crate::config::reader::Reader) -> Option<Self> {
                $( let $field = reader.take::<$type>($section, stringify!($field)); )+
                Some(Self { $($field: $field?),+ })
            }
        }
    };
}

/// `Some` of what is there, else `None`.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// The flag that is there, else `false`.
macro_rules! flag {
    () => {
        false
    };
    ($value:expr) => {
        $value
    };
}

pub(in crate::config) use {flag, optional, settings};
