//! Steps that all nodes take one after the other: what they count together.

use std::time::Duration;

use super::Redis;

/// Lines of Lua that Redis runs in one piece. They answer with whole numbers.
pub struct Script(redis::Script);

impl Script {
    /// A script of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(redis::Script::new(text))
    }
}

impl Redis {
    /// Runs a script on keys that all nodes share. `None`: it is not known whether it ran, because Redis is down or
    /// did not answer within `limit`.
    pub async fn run(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &[i64],
        limit: Duration,
    ) -> Option<Vec<i64>> {
        let mut connection = self.line.get()?;
        let mut invocation = script.0.prepare_invoke();
        for key in keys {
            invocation.key(key);
        }
        for argument in arguments {
            invocation.arg(argument);
        }
        match tokio::time::timeout(limit, invocation.invoke_async(&mut connection)).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(error)) => {
                tracing::debug!(cause = %error, "a script did not run");
                None
            }
            Err(_) => None,
        }
    }
}
