//! What makes a controller look at an object: a queue of references.
//!
//! The queue is unbounded on purpose: its reader keeps at most one entry for each object (it
//! merges equal ones), drains at once, and a bound would let one slow controller stop the
//! watch streams.

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use kube::{
    Resource,
    runtime::reflector::{ObjectRef, Store},
};

/// The sending end, for listeners of watch streams.
#[derive(Debug)]
pub(crate) struct Triggers<K: Resource<DynamicType = ()>> {
    queue: UnboundedSender<ObjectRef<K>>,
}

/// The receiving end, for the controller.
pub(crate) type TriggersReceiver<K> = UnboundedReceiver<ObjectRef<K>>;

impl<K: Resource<DynamicType = ()>> Clone for Triggers<K> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<K: Resource<DynamicType = ()> + Clone + 'static> Triggers<K> {
    pub(crate) fn new() -> (Self, TriggersReceiver<K>) {
        let (queue, receiver) = unbounded();
        (Self { queue }, receiver)
    }

    /// Looks at one object.
    pub(crate) fn object(&self, namespace: &str, name: &str) {
        // The receiver is gone only while the program ends.
        let _ = self.queue.unbounded_send(ObjectRef::new(name).within(namespace));
    }

    /// Looks at an object that is at hand.
    pub(crate) fn this(&self, object: &K) {
        let _ = self.queue.unbounded_send(ObjectRef::from_obj(object));
    }

    /// Looks at every object.
    pub(crate) fn all(&self, store: &Store<K>) {
        for object in store.state() {
            self.this(&object);
        }
    }
}
