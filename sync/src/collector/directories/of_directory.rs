//! Details of one directory: domain controllers, LDAPS, certificates, and how many
//! snapshots it may have.
//!
//! Only a managed AD has the first three, and neither it nor anything else is asked about
//! what its kind cannot have. Where the kind is not known, AWS is asked and may refuse.

use aws_sdk_directory::types::Certificate;
use fleet::{
    directory_part::{DirectoryPart, PartKind},
    reach::Limit,
    vocabulary::DirectoryServiceType,
};
use store::{
    directories::Known,
    directory_parts,
    directory_readings::{Detail, Reading},
    region_settings,
};

use super::{
    super::{
        paging, parse,
        work::{StepFailure, Work},
    },
    details::Details,
};
use crate::aws::operation::Operation;

/// Reads what is due of `directory`.
pub(super) async fn read(details: &mut Details<'_>, directory: &Known) -> Result<(), StepFailure> {
    if !directory.id.is_in_directory_service() {
        return Ok(());
    }
    let (work, id) = (details.work, directory.id.as_str());
    if may_be_managed(directory) {
        if details.is_due(Detail::DomainControllers, Some(id)) {
            let answer = domain_controllers(work, id).await;
            let asked = (Operation::DescribeDomainControllers, PartKind::DomainController);
            write_parts(details, (Detail::DomainControllers, id), asked, answer).await?;
        }
        if details.is_due(Detail::Ldaps, Some(id)) {
            let answer = ldaps(work, directory).await;
            let asked = (Operation::DescribeLdapsSettings, PartKind::Ldaps);
            write_parts(details, (Detail::Ldaps, id), asked, answer).await?;
        }
        if details.is_due(Detail::Certificates, Some(id)) {
            read_certificates(details, directory).await?;
        }
    }
    if directory.service_type != Some(DirectoryServiceType::AdConnector) {
        read_snapshot_limit(details, id).await?;
    }
    Ok(())
}

fn may_be_managed(directory: &Known) -> bool {
    !matches!(directory.service_type, Some(DirectoryServiceType::AdConnector | DirectoryServiceType::SimpleAd))
}

async fn write_parts(
    details: &mut Details<'_>,
    (detail, id): (Detail, &str),
    (operation, kind): (Operation, PartKind),
    answer: Result<(Vec<DirectoryPart>, u64), StepFailure>,
) -> Result<(), StepFailure> {
    if let Some((parts, rejected)) = details.told((detail, Some(id)), operation, answer).await? {
        let (spent, reading) = (details.spent(kind.as_str(), rejected), Reading::of(detail, Some(id)));
        let Work { pool, step, .. } = details.work;
        directory_parts::write(pool, step, reading, (kind, &parts), &spent).await?;
    }
    Ok(())
}

async fn domain_controllers(work: &Work<'_>, id: &str) -> Result<(Vec<DirectoryPart>, u64), StepFailure> {
    let operation = Operation::DescribeDomainControllers;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.describe_domain_controllers().directory_id(id);
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.domain_controllers.unwrap_or_default(), answer.next_token))
    })
    .await?;
    let received = found.len();
    let parts: Vec<_> = found.into_iter().filter_map(parse::domain_controller).collect();
    let rejected = (received - parts.len()) as u64;
    Ok((parts, rejected))
}

async fn ldaps(work: &Work<'_>, directory: &Known) -> Result<(Vec<DirectoryPart>, u64), StepFailure> {
    let operation = Operation::DescribeLdapsSettings;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.describe_ldaps_settings().directory_id(directory.id.as_str());
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.ldaps_settings_info.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok((found.into_iter().take(1).map(|setting| parse::ldaps(&directory.id, setting)).collect(), 0))
}

/// Certificates of a directory, and why some are not described in full: then they are as
/// the listing shows them.
struct Certificates {
    parts: Vec<DirectoryPart>,
    rejected: u64,
    withheld: Option<StepFailure>,
}

async fn read_certificates(details: &mut Details<'_>, directory: &Known) -> Result<(), StepFailure> {
    let (work, id) = (details.work, directory.id.as_str());
    let answer = certificates(work, directory).await;
    let asked = (Detail::Certificates, Some(id));
    let Some(Certificates { parts, rejected, withheld }) =
        details.told(asked, Operation::ListCertificates, answer).await?
    else {
        return Ok(());
    };
    let spent = details.spent("certificate", rejected);
    let reason = details.withheld(Operation::DescribeCertificate, withheld)?;
    let reading = Reading::of_part(Detail::Certificates, Some(id), reason.as_deref());
    directory_parts::write(work.pool, work.step, reading, (PartKind::Certificate, &parts), &spent).await?;
    Ok(())
}

async fn certificates(work: &Work<'_>, directory: &Known) -> Result<Certificates, StepFailure> {
    let (operation, id) = (Operation::ListCertificates, directory.id.as_str());
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.list_certificates().directory_id(id);
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.certificates_info.unwrap_or_default(), answer.next_token))
    })
    .await?;
    let mut certificates = Certificates { parts: Vec::new(), rejected: 0, withheld: None };
    for listed in found {
        let Some(certificate) = listed.certificate_id.clone() else {
            certificates.rejected += 1;
            continue;
        };
        let whole = match certificates.withheld {
            // What failed once would fail for every one.
            Some(_) => None,
            None => match describe(work, id, &certificate).await {
                Ok(whole) => whole,
                Err(failure) => {
                    certificates.withheld = Some(failure);
                    None
                }
            },
        };
        certificates.parts.push(parse::certificate(&directory.id, certificate, listed, whole));
    }
    Ok(certificates)
}

async fn describe(work: &Work<'_>, id: &str, certificate: &str) -> Result<Option<Certificate>, StepFailure> {
    let call = |size| {
        let request = work.clients.directory.describe_certificate().directory_id(id);
        request.certificate_id(certificate).customize().interceptor(size).send()
    };
    match work.caller.call(Operation::DescribeCertificate, call).await {
        Ok(answer) => Ok(answer.certificate),
        // Gone since it was listed; the next listing will not contain it.
        Err(error) if error.code() == Some("CertificateDoesNotExistException") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn read_snapshot_limit(details: &mut Details<'_>, id: &str) -> Result<(), StepFailure> {
    if !details.is_due(Detail::SnapshotLimits, Some(id)) {
        return Ok(());
    }
    let (work, operation) = (details.work, Operation::GetSnapshotLimits);
    let answer = work.caller.call(operation, |size| {
        work.clients.directory.get_snapshot_limits().directory_id(id).customize().interceptor(size).send()
    });
    let answer = answer.await.map_err(StepFailure::from);
    if let Some(answer) = details.told((Detail::SnapshotLimits, Some(id)), operation, answer).await? {
        let limit = answer.snapshot_limits.map_or_else(Limit::default, |limits| parse::snapshot_limit(&limits));
        let spent = details.spent("limit", 0);
        region_settings::write_snapshot_limit(work.pool, work.step, (id, limit), &spent).await?;
    }
    Ok(())
}
