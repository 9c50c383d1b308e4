//! A cache of children by the object they belong to.
//!
//! kube's reflector store finds an object by its own name only; statuses need "all Jobs of
//! this schedule" in constant time, however many schedules there are.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use crds::markers::{OWNER_KIND, OWNER_NAME};
use kube::{Resource, ResourceExt as _, runtime::watcher::Event};

use super::stream::Cache;

/// The kind of an owner, from label `deskfleet.dev/kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OwnerKind {
    WorkspaceAccount,
    SyncSchedule,
}

impl OwnerKind {
    /// The text in the label.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::WorkspaceAccount => "WorkspaceAccount",
            Self::SyncSchedule => "SyncSchedule",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::WorkspaceAccount, Self::SyncSchedule].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// The object that a child says it belongs to, by its labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    pub(crate) kind: OwnerKind,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl Owner {
    /// What the labels of a child say; they only find it. Whether it really belongs to the
    /// owner is decided by its owner reference.
    pub(crate) fn of(child: &impl Resource) -> Option<Self> {
        Some(Self {
            kind: OwnerKind::parse(child.labels().get(OWNER_KIND)?)?,
            namespace: child.namespace()?,
            name: child.labels().get(OWNER_NAME)?.clone(),
        })
    }
}

/// Children of one kind. Clones see the same cache.
#[derive(Debug)]
pub(crate) struct Children<K> {
    index: Arc<RwLock<Index<K>>>,
}

impl<K> Clone for Children<K> {
    fn clone(&self) -> Self {
        Self { index: Arc::clone(&self.index) }
    }
}

impl<K> Default for Children<K> {
    fn default() -> Self {
        Self { index: Arc::default() }
    }
}

impl<K> Children<K> {
    /// The children of an owner, by name.
    pub(crate) fn of(&self, owner: &Owner) -> Vec<Arc<K>> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.by_owner.get(owner).map(|children| children.values().cloned().collect()).unwrap_or_default()
    }

    /// Some child that is so, whoever it belongs to. Looks at all of them.
    pub(crate) fn find(&self, is_so: impl Fn(&K) -> bool) -> Option<Arc<K>> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.by_owner.values().flat_map(BTreeMap::values).find(|child| is_so(child)).cloned()
    }
}

impl<K: Resource + Clone + Send + Sync + 'static> Children<K> {
    /// What a watch stream feeds.
    pub(super) fn writer(&self) -> Cache<K> {
        let children = self.clone();
        Box::new(move |event| children.apply(event))
    }
}

impl<K: Resource + Clone> Children<K> {
    /// Takes in what a watch stream said. A list replaces the cache when it is complete, not
    /// before, so that nobody ever reads half of one.
    pub(crate) fn apply(&self, event: &Event<K>) {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Init => index.incoming = Some(Box::default()),
            Event::InitApply(child) => index.incoming.get_or_insert_default().insert(child),
            Event::InitDone => {
                if let Some(complete) = index.incoming.take() {
                    *index = *complete;
                }
            }
            Event::Apply(child) => index.insert(child),
            Event::Delete(child) => index.remove(child),
        }
    }
}

#[derive(Debug)]
struct Index<K> {
    by_owner: HashMap<Owner, BTreeMap<String, Arc<K>>>,
    /// Where each child stands, so that one whose labels change leaves its old place.
    places: HashMap<(String, String), Owner>,
    incoming: Option<Box<Index<K>>>,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self { by_owner: HashMap::new(), places: HashMap::new(), incoming: None }
    }
}

impl<K: Resource + Clone> Index<K> {
    fn insert(&mut self, child: &K) {
        self.remove(child);
        let Some(owner) = Owner::of(child) else { return };
        self.places.insert(place(child), owner.clone());
        self.by_owner.entry(owner).or_default().insert(child.name_any(), Arc::new(child.clone()));
    }

    fn remove(&mut self, child: &K) {
        let Some(owner) = self.places.remove(&place(child)) else { return };
        if let Some(children) = self.by_owner.get_mut(&owner) {
            children.remove(&child.name_any());
            if children.is_empty() {
                self.by_owner.remove(&owner);
            }
        }
    }
}

fn place(child: &impl Resource) -> (String, String) {
    (child.namespace().unwrap_or_default(), child.name_any())
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::batch::v1::Job;
    use serde_json::json;

    use super::*;

    fn a_job(name: &str, owner: &str) -> Job {
        let labels = json!({OWNER_KIND: "SyncSchedule", OWNER_NAME: owner});
        serde_json::from_value(json!({"metadata": {"name": name, "namespace": "desktops", "labels": labels}})).unwrap()
    }

    fn names(children: &Children<Job>, owner: &str) -> Vec<String> {
        let owner = Owner { kind: OwnerKind::SyncSchedule, namespace: "desktops".into(), name: owner.into() };
        children.of(&owner).iter().map(|job| job.name_any()).collect()
    }

    #[test]
    fn children_are_found_by_their_owner() {
        let children = Children::default();
        children.apply(&Event::Apply(a_job("a", "nightly")));
        children.apply(&Event::Apply(a_job("b", "nightly")));
        children.apply(&Event::Apply(a_job("c", "hourly")));
        children.apply(&Event::Delete(a_job("a", "nightly")));
        assert_eq!(names(&children, "nightly"), ["b"]);
        assert_eq!(names(&children, "hourly"), ["c"]);
    }

    #[test]
    fn a_child_whose_label_changes_moves() {
        let children = Children::default();
        children.apply(&Event::Apply(a_job("a", "nightly")));
        children.apply(&Event::Apply(a_job("a", "hourly")));
        assert!(names(&children, "nightly").is_empty());
        assert_eq!(names(&children, "hourly"), ["a"]);
    }

    #[test]
    fn a_new_list_replaces_the_old_one_only_when_complete() {
        let children = Children::default();
        children.apply(&Event::Apply(a_job("old", "nightly")));
        children.apply(&Event::Init);
        children.apply(&Event::InitApply(a_job("new", "nightly")));
        assert_eq!(names(&children, "nightly"), ["old"]);
        children.apply(&Event::InitDone);
        assert_eq!(names(&children, "nightly"), ["new"]);
    }
}
