//! The pages of one lookup, and which of their events are worth keeping.

use std::collections::BTreeSet;

use aws_sdk_cloudtrail::types::LookupAttribute;
use aws_smithy_types::DateTime;
use fleet::audit::{
    Event,
    cloud_trail::{self, Parsed},
    reading::Stretch,
};
use jiff::Timestamp;

use super::{
    super::{
        paging::Paging,
        work::{StepFailure, Work},
    },
    cursor::Attribute,
    own, row,
};
use crate::aws::{
    error::{CallError, ErrorClass},
    operation::Operation,
};

/// AWS's largest page.
const PAGE: i32 = 50;
/// How often a lookup starts over because its token died, before the step fails.
const MOST_RESTARTS: u32 = 3;

/// A page that was read.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// Its events that are worth keeping.
    pub(super) events: Vec<Event>,
    /// Service and name of operations in it that no list names.
    pub(super) unlisted: BTreeSet<(String, String)>,
    /// Reads of deskfleet's own.
    pub(super) left_out: u64,
    /// Events without an id or a time.
    pub(super) rejected: u64,
    /// Records that are no JSON.
    pub(super) malformed: u64,
    /// When its oldest event took place, of any service.
    pub(super) oldest: Option<Timestamp>,
    /// The next page.
    pub(super) token: Option<String>,
}

/// One lookup over one stretch of time.
pub(super) struct Listing<'a> {
    work: &'a Work<'a>,
    attribute: &'a Attribute,
    stretch: Stretch,
    token: Option<String>,
    paging: Paging,
    restarts: u32,
}

impl<'a> Listing<'a> {
    /// A lookup that goes on at `token`.
    pub(super) fn new(work: &'a Work<'a>, attribute: &'a Attribute, stretch: Stretch, token: Option<String>) -> Self {
        Self { work, attribute, stretch, token, paging: Paging::new(Operation::LookupEvents), restarts: 0 }
    }

    /// Reads the next page. A token that died starts the lookup over: what was read is known
    /// by its id, and nothing is there twice.
    pub(super) async fn page(&mut self) -> Result<Listed, StepFailure> {
        loop {
            match self.attempt().await {
                Err(StepFailure::Call(error))
                    if self.token.is_some() && is_dead_token(&error) && self.restarts < MOST_RESTARTS =>
                {
                    self.restarts += 1;
                    tracing::info!(step.id = self.work.step.step_id, %error, "the lookup's token is dead, starting over");
                    (self.token, self.paging) = (None, Paging::new(Operation::LookupEvents));
                }
                page => return page,
            }
        }
    }

    async fn attempt(&mut self) -> Result<Listed, StepFailure> {
        let Work { clients, caller, step, caller_arn, .. } = self.work;
        let condition = LookupAttribute::builder()
            .attribute_key(self.attribute.key.clone())
            .attribute_value(&self.attribute.value)
            .build()
            .expect("key and value are set");
        let moment = |at: Timestamp| DateTime::from_secs(at.as_second());
        let answer = caller
            .call(Operation::LookupEvents, |size| {
                clients
                    .cloudtrail
                    .lookup_events()
                    .lookup_attributes(condition.clone())
                    .start_time(moment(self.stretch.from))
                    .end_time(moment(self.stretch.to))
                    .max_results(PAGE)
                    .set_next_token(self.token.clone())
                    .customize()
                    .interceptor(size)
                    .send()
            })
            .await?;
        let rows = answer.events.unwrap_or_default();
        self.token = self.paging.next(answer.next_token, rows.len())?;
        let mut listed = Listed { token: self.token.clone(), ..Listed::default() };
        for row in rows.into_iter().map(row::row) {
            listed.oldest = [listed.oldest, row.event_time].into_iter().flatten().min();
            listed.add(cloud_trail::parse(&row, &step.region), caller_arn);
        }
        Ok(listed)
    }
}

impl Listed {
    /// Adds what a row told.
    fn add(&mut self, parsed: Option<Parsed>, caller_arn: &str) {
        let Some(Parsed { event, malformed }) = parsed else {
            self.rejected += 1;
            return;
        };
        if !cloud_trail::is_watched(&event.event_source) {
            return;
        }
        if own::is_own_read(&event, caller_arn) {
            self.left_out += 1;
            return;
        }
        let changes = event.read_only != Some(true);
        if changes && !cloud_trail::knows(&event.event_source, &event.event_name) {
            self.unlisted.insert((event.event_source.clone(), event.event_name.clone()));
        }
        self.malformed += u64::from(malformed);
        self.events.push(event);
    }
}

fn is_dead_token(error: &CallError) -> bool {
    error.class() == Some(ErrorClass::BadRequest)
}
