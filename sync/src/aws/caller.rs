//! The one way a call is made: ticket, attempt, classify, wait, again.

use std::{error::Error, sync::Arc, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use identifiers::Region;
use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    answer_size::AnswerSize,
    backoff,
    classify::classify,
    error::CallError,
    ledger::{Attempt, Ledger},
    operation::Operation,
    pacer::Pacer,
};

/// What one attempt of a call takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charge {
    /// Tickets of the pace.
    pub(crate) tickets: u32,
    /// US dollars.
    pub(crate) price: Decimal,
}

impl Charge {
    /// One ticket and no money.
    pub(crate) const NOTHING: Self = Self { tickets: 1, price: Decimal::ZERO };
}

/// Makes the calls of one step.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pacer: Arc<Pacer>,
    region: Region,
    ledger: Arc<Ledger>,
    stop: CancellationToken,
}

impl Caller {
    /// A caller for `region` whose attempts go to `ledger` and that gives up on `stop`.
    pub(crate) fn new(pacer: Arc<Pacer>, region: Region, ledger: Arc<Ledger>, stop: CancellationToken) -> Self {
        Self { pacer, region, ledger, stop }
    }

    /// The region called.
    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    /// Calls `operation` by `attempt`, which sends the request once with the interceptor
    /// it is given, at most [`backoff::MOST_ATTEMPTS`] times.
    pub(crate) async fn call<T, E, F, R>(&self, operation: Operation, attempt: F) -> Result<T, CallError>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn(AnswerSize) -> R,
        R: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.call_for(operation, Charge::NOTHING, attempt).await
    }

    /// As [`Self::call`], for a call that weighs more than one ticket or costs money. The
    /// purse pays before each attempt.
    pub(crate) async fn call_for<T, E, F, R>(
        &self,
        operation: Operation,
        charge: Charge,
        attempt: F,
    ) -> Result<T, CallError>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn(AnswerSize) -> R,
        R: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(CallError::Stopped { operation }),
            answer = self.attempts(operation, charge, attempt) => answer,
        }
    }

    /// Takes tickets and money for one attempt.
    async fn admit(&self, operation: Operation, charge: Charge) -> Result<(), CallError> {
        let pace = |source| CallError::Pace { operation, source };
        if let Some(purse) = operation.purse()
            && !self.pacer.purses().pay(purse, charge.price).await.map_err(|error| pace(error.into()))?
        {
            return Err(CallError::Budget { operation, purse, limit: self.pacer.purses().limit(purse) });
        }
        self.pacer.tickets(&self.region, operation, charge.tickets).await.map_err(pace)
    }

    async fn attempts<T, E, F, R>(&self, operation: Operation, charge: Charge, attempt: F) -> Result<T, CallError>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn(AnswerSize) -> R,
        R: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let size = AnswerSize::default();
        let mut attempts = 0;
        loop {
            self.admit(operation, charge).await?;
            attempts += 1;
            let (at, start) = (Timestamp::now(), Instant::now());
            let answer = attempt(size.clone()).await;
            let failure = answer.as_ref().err().map(classify);
            let error = failure.as_ref().map(|failure| failure.class);
            let (bytes, took, price) = (size.take(), start.elapsed(), charge.price);
            self.ledger.add(&self.region, Attempt { operation, error, bytes, took, at, price });
            let failure = match (answer, failure) {
                (Ok(answer), _) => return Ok(answer),
                (Err(_), Some(failure)) => failure,
                (Err(_), None) => unreachable!("every error has a class"),
            };
            if failure.class == super::error::ErrorClass::Throttle {
                self.pacer
                    .throttled(&self.region, operation)
                    .await
                    .map_err(|source| CallError::Pace { operation, source })?;
            }
            if !failure.class.is_worth_another_attempt() || attempts >= backoff::MOST_ATTEMPTS {
                let (class, code, message) = (failure.class, failure.code, failure.message);
                return Err(CallError::Aws { operation, class, code, message, attempts });
            }
            self.pause(operation, attempts, &failure.message).await;
        }
    }

    async fn pause(&self, operation: Operation, attempts: u32, message: &str) {
        let wait: Duration = backoff::wait(attempts, rand::random());
        tracing::info!(
            aws.operation = operation.name(),
            aws.region = %self.region,
            attempts,
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            error = message,
            "a call failed, trying again"
        );
        tokio::time::sleep(wait).await;
    }
}
