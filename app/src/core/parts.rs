//! What slices keep in memory for the life of the process (queues, counters, keys), without core knowing them.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{App, Error, Result};

/// Something of which a process has one, made when it is first asked for.
pub trait Part: Send + Sync + Sized + 'static {
    /// Makes it.
    ///
    /// # Errors
    /// When it needs something that is not there.
    fn make(app: &App) -> Result<Self>;
}

/// The parts made so far, by their types.
#[derive(Default)]
pub struct Made(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl App {
    /// The process's one `P`.
    ///
    /// # Errors
    /// When it had to be made and could not.
    pub fn part<P: Part>(&self) -> Result<Arc<P>> {
        if let Some(part) = self.made.get(TypeId::of::<P>()) {
            return part.downcast().map_err(|_| Error::internal("a part of another type"));
        }
        // Made outside the lock, since a part may ask for others; of two made at once the first stays.
        self.keep_part(P::make(self)?)
    }

    /// Makes this the process's one `P`, unless it has one; gives the one it has.
    ///
    /// # Errors
    /// Never; in place of a panic.
    pub fn keep_part<P: Part>(&self, part: P) -> Result<Arc<P>> {
        let kept = self.made.keep(TypeId::of::<P>(), Arc::new(part));
        kept.downcast().map_err(|_| Error::internal("a part of another type"))
    }
}

impl Made {
    fn get(&self, kind: TypeId) -> Option<Arc<dyn Any + Send + Sync>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned()
    }

    fn keep(&self, kind: TypeId, part: Arc<dyn Any + Send + Sync>) -> Arc<dyn Any + Send + Sync> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_insert(part).clone()
    }
}
