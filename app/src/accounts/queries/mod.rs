//! Every SQL text of the slice, beside the function that runs or says it. Reads run; writes are said.

pub(crate) mod groups;
pub(crate) mod links;
pub(crate) mod sessions;
pub(crate) mod users;
