//! Inventory: every desktop of a region by `workspaces:DescribeWorkspaces`, 25 a page.

use store::{
    inventory::{self, Pages},
    run_step::{self, Next, StepError},
};
use tokio::time::Instant;

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, WRITE_AFTER, Work, unidentified},
};
use crate::aws::{
    error::{CallError, ErrorClass},
    operation::Operation,
};

/// AWS's largest page.
const PAGE: i32 = 25;
/// How often a listing starts over because its token died, before the step fails.
const MOST_RESTARTS: u32 = 3;

/// Pages that were read and not yet written.
struct InHand {
    desktops: Vec<fleet::Workspace>,
    rejected: u64,
    since: Instant,
}

impl InHand {
    fn nothing() -> Self {
        Self { desktops: Vec::new(), rejected: 0, since: Instant::now() }
    }

    fn add(&mut self, page: Vec<aws_sdk_workspaces::types::Workspace>) {
        let received = page.len();
        let before = self.desktops.len();
        self.desktops.extend(page.into_iter().filter_map(parse::desktop));
        self.rejected += (received - (self.desktops.len() - before)) as u64;
    }

    fn is_due(&self, batch: usize) -> bool {
        self.desktops.len() >= batch || self.since.elapsed() >= WRITE_AFTER
    }
}

/// Lists the desktops of the step's region from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let mut listing = Listing {
        work,
        cursor: work.step.cursor.clone(),
        paging: Paging::new(Operation::DescribeWorkspaces),
        in_hand: InHand::nothing(),
        rejected: u64::try_from(work.step.rejected).unwrap_or(0),
    };
    let mut restarts = 0;
    loop {
        match listing.read_page().await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(StepFailure::Call(error))
                if listing.cursor.is_some() && is_dead_token(&error) && restarts < MOST_RESTARTS =>
            {
                restarts += 1;
                tracing::info!(step.id = work.step.step_id, error = %error, "the listing's token is dead, starting over");
                listing.start_over().await?;
            }
            Err(failure) => {
                listing.write_in_hand().await?;
                return Err(failure);
            }
        }
    }
}

struct Listing<'a> {
    work: &'a Work<'a>,
    cursor: Option<String>,
    paging: Paging,
    in_hand: InHand,
    /// Desktops without an id, in the whole listing.
    rejected: u64,
}

impl Listing<'_> {
    /// Reads one page; true when it was the last and everything is written.
    async fn read_page(&mut self) -> Result<bool, StepFailure> {
        let Work { clients, caller, step, .. } = self.work;
        let answer = caller
            .call(Operation::DescribeWorkspaces, |size| {
                clients
                    .workspaces
                    .describe_workspaces()
                    .limit(PAGE)
                    .set_directory_id(step.directory_id.clone())
                    .set_next_token(self.cursor.clone())
                    .customize()
                    .interceptor(size)
                    .send()
            })
            .await?;
        let before = self.in_hand.rejected;
        let desktops = answer.workspaces.unwrap_or_default();
        let items = desktops.len();
        self.in_hand.add(desktops);
        self.rejected += self.in_hand.rejected - before;
        let Some(token) = self.paging.next(answer.next_token, items)? else {
            let error = unidentified("desktop", self.rejected);
            self.write(Next::End(error)).await?;
            return Ok(true);
        };
        self.cursor = Some(token);
        if self.in_hand.is_due(self.work.batch) {
            self.write_in_hand().await?;
        }
        Ok(false)
    }

    /// Writes what is in hand and the place to go on from.
    async fn write_in_hand(&mut self) -> Result<(), StepFailure> {
        match self.cursor.clone() {
            Some(cursor) if !self.in_hand.desktops.is_empty() => self.write(Next::From(cursor)).await,
            _ => Ok(()),
        }
    }

    async fn write(&mut self, next: Next) -> Result<(), StepFailure> {
        let Work { pool, ledger, step, follow_up, .. } = self.work;
        let in_hand = std::mem::replace(&mut self.in_hand, InHand::nothing());
        let spent = ledger.take(in_hand.rejected);
        let pages = Pages { desktops: &in_hand.desktops, spent: &spent, next, follow_up };
        inventory::write(pool, step, &pages).await?;
        Ok(())
    }

    async fn start_over(&mut self) -> Result<(), StepFailure> {
        run_step::restart_listing(self.work.pool, self.work.step).await?;
        (self.cursor, self.in_hand, self.rejected) = (None, InHand::nothing(), 0);
        self.paging = Paging::new(Operation::DescribeWorkspaces);
        Ok(())
    }
}

/// AWS has no code for a token that is too old: it calls the parameter invalid.
fn is_dead_token(error: &CallError) -> bool {
    error.class() == Some(ErrorClass::BadRequest)
}

/// What a region's steps over single desktops are called when its listing failed.
pub(crate) fn not_listed(failure: &StepError) -> StepError {
    StepError { message: format!("its desktops could not be listed: {}", failure.message), ..failure.clone() }
}
