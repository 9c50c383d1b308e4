//! Directories: a region's directories are read whole and written in one transaction, with
//! the history of what they allowed. Their details come after that, one by one.

use std::collections::BTreeMap;

use fleet::{
    Directory, DirectoryId, DirectoryService,
    vocabulary::{DirectoryServiceType, Switch},
};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    directory_access,
    directory_readings::listed,
    run_step::{Spent, Step, WriteError, begin, commit},
    workspace_history::Place,
    workspace_row::stored,
};

/// All directories of a region.
#[derive(Debug)]
pub struct Listing<'a> {
    /// As `WorkSpaces` knows them; complete.
    pub directories: &'a [Directory],
    /// As Directory Service knows them; empty where it could not be read, and then what
    /// was known of it stays.
    pub services: &'a [DirectoryService],
    /// What it took.
    pub spent: &'a Spent,
}

/// A directory that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: DirectoryId,
    /// Its true kind, where Directory Service told it.
    pub service_type: Option<DirectoryServiceType>,
}

/// The directories of `step`'s region that are there, in the order of their ids.
pub async fn known(pool: &PgPool, step: &Step) -> Result<Vec<Known>, sqlx::Error> {
    let rows = sqlx::query!(
        "select directory_id, service_type from directory
         where account_id = $1 and region = $2 and gone_at is null
         order by directory_id",
        step.account.as_str(),
        step.region.as_str(),
    )
    .fetch_all(pool)
    .await?;
    let known = rows.into_iter().map(|row| {
        let id = DirectoryId::try_from(row.directory_id).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Known { id, service_type: row.service_type.as_deref().map(DirectoryServiceType::from_stored) })
    });
    known.collect()
}

/// Writes the directories of `step`'s region; those it does not contain are gone. The step
/// goes on with their details.
pub async fn write(pool: &PgPool, step: &Step, listing: &Listing<'_>) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    upsert(&mut transaction, place, listing.directories).await.map_err(query)?;
    add_services(&mut transaction, place, listing.services).await.map_err(query)?;
    if listing.spent.rejected == 0 {
        mark_gone(&mut transaction, place, step.step_id).await.map_err(query)?;
    }
    directory_access::record(&mut transaction, place, at).await.map_err(query)?;
    commit(transaction, step, listing.directories.len(), listing.spent, &listed()).await
}

async fn upsert(connection: &mut PgConnection, place: Place<'_>, directories: &[Directory]) -> Result<(), sqlx::Error> {
    let rows: Vec<DirectoryRow<'_>> = directories.iter().map(DirectoryRow::new).collect();
    sqlx::query!(
        "insert into directory (
            account_id, region, directory_id,
            name, alias, type, state, error_message, workspace_type, user_identity_type, tenancy,
            customer_user_name, iam_role_id, security_group_id, subnet_ids, dns_addresses, ip_group_ids,
            endpoint_encryption_mode, saml_status, certificate_auth_status, maintenance_mode, internet_access,
            local_administrator, default_ou, self_service, device_access
         )
         select distinct on (directory_id) $1, $2, directory_id,
            name, alias, type, state, error_message, workspace_type, user_identity_type, tenancy,
            customer_user_name, iam_role_id, security_group_id, subnet_ids, dns_addresses, ip_group_ids,
            endpoint_encryption_mode, saml_status, certificate_auth_status, maintenance_mode, internet_access,
            local_administrator, default_ou, self_service, device_access
         from json_to_recordset($3::text::json) as incoming (
                directory_id text, name text, alias text, type text, state text, error_message text, workspace_type text,
                user_identity_type text, tenancy text, customer_user_name text, iam_role_id text,
                security_group_id text, subnet_ids text[], dns_addresses text[], ip_group_ids text[],
                endpoint_encryption_mode text, saml_status text, certificate_auth_status text,
                maintenance_mode boolean, internet_access boolean, local_administrator boolean, default_ou text,
                self_service jsonb, device_access jsonb
         )
         order by directory_id
         on conflict on constraint directory_pkey do update set
            name = excluded.name, alias = excluded.alias, type = excluded.type, state = excluded.state,
            error_message = excluded.error_message, workspace_type = excluded.workspace_type,
            user_identity_type = excluded.user_identity_type, tenancy = excluded.tenancy,
            customer_user_name = excluded.customer_user_name, iam_role_id = excluded.iam_role_id,
            security_group_id = excluded.security_group_id, subnet_ids = excluded.subnet_ids,
            dns_addresses = excluded.dns_addresses, ip_group_ids = excluded.ip_group_ids,
            endpoint_encryption_mode = excluded.endpoint_encryption_mode, saml_status = excluded.saml_status,
            certificate_auth_status = excluded.certificate_auth_status,
            maintenance_mode = excluded.maintenance_mode, internet_access = excluded.internet_access,
            local_administrator = excluded.local_administrator, default_ou = excluded.default_ou,
            self_service = excluded.self_service, device_access = excluded.device_access,
            last_read_at = clock_timestamp(), gone_at = null",
        place.account,
        place.region,
        serde_json::to_string(&rows).expect("a row is plain data"),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn add_services(
    connection: &mut PgConnection,
    place: Place<'_>,
    services: &[DirectoryService],
) -> Result<(), sqlx::Error> {
    let rows: Vec<ServiceRow<'_>> = services.iter().map(ServiceRow::new).collect();
    sqlx::query!(
        "update directory set
             service_type = incoming.service_type, service_stage = incoming.service_stage,
             service_size = incoming.service_size, service_edition = incoming.service_edition,
             vpc_id = incoming.vpc_id, launched_at = incoming.launched_at
         from json_to_recordset($3::text::json) as incoming (
             directory_id text, service_type text, service_stage text, service_size text,
             service_edition text, vpc_id text, launched_at timestamptz
         )
         where account_id = $1 and region = $2 and directory.directory_id = incoming.directory_id",
        place.account,
        place.region,
        serde_json::to_string(&rows).expect("a row is plain data"),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn mark_gone(connection: &mut PgConnection, place: Place<'_>, listing: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update directory set gone_at = clock_timestamp()
         where account_id = $1 and region = $2 and gone_at is null
           and last_read_at < (select listing_started_at from run_step where step_id = $3)",
        place.account,
        place.region,
        listing,
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct DirectoryRow<'a> {
    directory_id: &'a str,
    name: Option<&'a str>,
    alias: Option<&'a str>,
    r#type: Option<&'a str>,
    state: Option<&'a str>,
    error_message: Option<&'a str>,
    workspace_type: Option<&'a str>,
    user_identity_type: Option<&'a str>,
    tenancy: Option<&'a str>,
    customer_user_name: Option<&'a str>,
    iam_role_id: Option<&'a str>,
    security_group_id: Option<&'a str>,
    subnet_ids: Option<&'a [String]>,
    dns_addresses: Option<&'a [String]>,
    ip_group_ids: Option<&'a [String]>,
    endpoint_encryption_mode: Option<&'a str>,
    saml_status: Option<&'a str>,
    certificate_auth_status: Option<&'a str>,
    maintenance_mode: Option<bool>,
    internet_access: Option<bool>,
    local_administrator: Option<bool>,
    default_ou: Option<&'a str>,
    self_service: Option<BTreeMap<&'a str, &'a str>>,
    device_access: Option<BTreeMap<&'a str, &'a str>>,
}

impl<'a> DirectoryRow<'a> {
    fn new(directory: &'a Directory) -> Self {
        Self {
            directory_id: directory.id.as_str(),
            name: directory.name.as_deref(),
            alias: directory.alias.as_deref(),
            r#type: stored(directory.directory_type.as_ref()),
            state: stored(directory.state.as_ref()),
            error_message: directory.error_message.as_deref(),
            workspace_type: stored(directory.workspace_type.as_ref()),
            user_identity_type: stored(directory.user_identity_type.as_ref()),
            tenancy: stored(directory.tenancy.as_ref()),
            customer_user_name: directory.customer_user_name.as_deref(),
            iam_role_id: directory.iam_role_id.as_deref(),
            security_group_id: directory.security_group_id.as_deref(),
            subnet_ids: directory.subnet_ids.as_deref(),
            dns_addresses: directory.dns_addresses.as_deref(),
            ip_group_ids: directory.ip_group_ids.as_deref(),
            endpoint_encryption_mode: stored(directory.endpoint_encryption_mode.as_ref()),
            saml_status: stored(directory.saml.as_ref()),
            certificate_auth_status: stored(directory.certificate_auth.as_ref()),
            maintenance_mode: directory.defaults.maintenance_mode,
            internet_access: directory.defaults.internet_access,
            local_administrator: directory.defaults.local_administrator,
            default_ou: directory.defaults.organizational_unit.as_deref(),
            self_service: switches(directory.self_service.as_ref()),
            device_access: switches(directory.device_access.as_ref()),
        }
    }
}

fn switches(switches: Option<&BTreeMap<String, Switch>>) -> Option<BTreeMap<&str, &str>> {
    Some(switches?.iter().map(|(name, switch)| (name.as_str(), switch.as_str())).collect())
}

#[derive(Serialize)]
struct ServiceRow<'a> {
    directory_id: &'a str,
    service_type: Option<&'a str>,
    service_stage: Option<&'a str>,
    service_size: Option<&'a str>,
    service_edition: Option<&'a str>,
    vpc_id: Option<&'a str>,
    launched_at: Option<jiff::Timestamp>,
}

impl<'a> ServiceRow<'a> {
    fn new(service: &'a DirectoryService) -> Self {
        Self {
            directory_id: service.id.as_str(),
            service_type: stored(service.service_type.as_ref()),
            service_stage: stored(service.stage.as_ref()),
            service_size: stored(service.size.as_ref()),
            service_edition: stored(service.edition.as_ref()),
            vpc_id: service.vpc_id.as_deref(),
            launched_at: service.launched_at,
        }
    }
}
