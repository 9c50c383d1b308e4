//! How large an answer was: an SDK interceptor, because typed outputs no longer know.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeDeserializationInterceptorContextRef},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Counts the bytes of the answers of the calls it is given to.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnswerSize(Arc<AtomicU64>);

impl AnswerSize {
    /// The bytes since the last call of this.
    pub(crate) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }

    /// Counts an answer that did not come through the SDK.
    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Intercept for AnswerSize {
    fn name(&self) -> &'static str {
        "AnswerSize"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body();
        let size = body.bytes().map(|bytes| bytes.len() as u64).or_else(|| body.content_length());
        self.0.fetch_add(size.unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }
}
