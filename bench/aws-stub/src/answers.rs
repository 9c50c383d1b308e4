//! The answers, made once at start.
//!
//! Shapes follow the AWS service models of Amazon WorkSpaces, AWS Directory Service and
//! AWS STS; the values are the same at every start.

use axum::body::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

/// `workspaces:DescribeWorkspaces` returns at most this many desktops.
const PAGE: usize = 25;
/// `tag:GetResources` returns at most this many resources.
const TAGGED_PAGE: usize = 100;
const DIRECTORY: &str = "d-9067000001";
/// 2026-11-01T00:00:00Z in Unix seconds; the stub's clock stands still.
const NOW: i64 = 1_793_491_200;

/// Every answer this stub gives.
pub(crate) struct Answers {
    desktops: usize,
    pages: Vec<Bytes>,
    tagged_pages: Vec<Bytes>,
    workspace_directories: Bytes,
    directories: Bytes,
    caller_identity: Bytes,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PageRequest {
    next_token: Option<String>,
    #[serde(default)]
    workspace_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TaggedRequest {
    pagination_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusRequest {
    #[serde(default)]
    workspace_ids: Vec<String>,
}

impl Answers {
    /// Makes the answers for one directory with `desktops` desktops.
    pub(crate) fn new(account: &str, desktops: usize) -> Self {
        let numbers: Vec<usize> = (0..desktops).collect();
        let count = desktops.div_ceil(PAGE).max(1);
        let mut pages: Vec<Bytes> =
            numbers.chunks(PAGE).enumerate().map(|(index, chunk)| page(index, count, chunk)).collect();
        if pages.is_empty() {
            pages.push(page(0, 1, &[]));
        }
        let tagged = numbers.chunks(TAGGED_PAGE).enumerate();
        let tagged_count = desktops.div_ceil(TAGGED_PAGE);
        Self {
            desktops,
            pages,
            tagged_pages: tagged.map(|(index, chunk)| tagged_page(account, index, tagged_count, chunk)).collect(),
            workspace_directories: bytes(&workspace_directories()),
            directories: bytes(&directories()),
            caller_identity: Bytes::from(caller_identity(account)),
        }
    }

    /// A page of `workspaces:DescribeWorkspaces`; `None` for a token of someone else.
    pub(crate) fn workspaces(&self, body: &[u8]) -> Option<Bytes> {
        let request: PageRequest = serde_json::from_slice(body).ok()?;
        if !request.workspace_ids.is_empty() {
            return Some(self.named(&request.workspace_ids));
        }
        self.pages.get(index(request.next_token.as_deref())?).cloned()
    }

    /// The desktops with these ids, those that there are.
    fn named(&self, ids: &[String]) -> Bytes {
        let number = |id: &String| usize::from_str_radix(id.strip_prefix("ws-")?, 16).ok();
        let numbers: Vec<usize> = ids.iter().filter_map(number).filter(|number| *number < self.desktops).collect();
        page(0, 1, &numbers)
    }

    /// A page of `tag:GetResources`; `None` for a token of someone else.
    pub(crate) fn resources(&self, body: &[u8]) -> Option<Bytes> {
        let request: TaggedRequest = serde_json::from_slice(body).ok()?;
        let index = index(request.pagination_token.as_deref())?;
        if self.tagged_pages.is_empty() {
            return Some(Bytes::from_static(br#"{"ResourceTagMappingList":[]}"#));
        }
        self.tagged_pages.get(index).cloned()
    }

    /// `workspaces:DescribeWorkspaceDirectories`.
    pub(crate) fn workspace_directories(&self) -> Bytes {
        self.workspace_directories.clone()
    }

    /// `ds:DescribeDirectories`.
    pub(crate) fn directories(&self) -> Bytes {
        self.directories.clone()
    }

    /// `sts:GetCallerIdentity`.
    pub(crate) fn caller_identity(&self) -> Bytes {
        self.caller_identity.clone()
    }
}

/// The page a token stands for; the first one without a token.
fn index(token: Option<&str>) -> Option<usize> {
    match token {
        Some(token) if !token.is_empty() => token.parse().ok(),
        _ => Some(0),
    }
}

/// `workspaces:DescribeTags` of any desktop.
pub(crate) fn tags_of_one() -> Bytes {
    bytes(&json!({ "TagList": tags() }))
}

fn tags() -> Value {
    json!([{ "Key": "team", "Value": "bench" }, { "Key": "cost-centre", "Value": "4711" }])
}

fn tagged_page(account: &str, index: usize, count: usize, desktops: &[usize]) -> Bytes {
    let tagged = |number: &usize| {
        let arn = format!("arn:aws:workspaces:us-east-1:{account}:workspace/ws-{number:09x}");
        json!({ "ResourceARN": arn, "Tags": tags() })
    };
    let next = if index + 1 < count { (index + 1).to_string() } else { String::new() };
    let list: Vec<Value> = desktops.iter().map(tagged).collect();
    bytes(&json!({ "ResourceTagMappingList": list, "PaginationToken": next }))
}

/// `workspaces:DescribeWorkspacesConnectionStatus` of the ids asked for.
pub(crate) fn connection_status(body: &[u8]) -> Option<Bytes> {
    let request: StatusRequest = serde_json::from_slice(body).ok()?;
    let statuses: Vec<Value> = request.workspace_ids.iter().map(|id| connection(id)).collect();
    Some(bytes(&json!({ "WorkspacesConnectionStatus": statuses })))
}

fn bytes(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}

fn page(index: usize, count: usize, desktops: &[usize]) -> Bytes {
    let workspaces: Vec<Value> = desktops.iter().copied().map(desktop).collect();
    let mut page = json!({ "Workspaces": workspaces });
    if index + 1 < count {
        page["NextToken"] = json!((index + 1).to_string());
    }
    bytes(&page)
}

fn desktop(number: usize) -> Value {
    let auto_stop = !number.is_multiple_of(3);
    let mut properties = json!({
        "RunningMode": if auto_stop { "AUTO_STOP" } else { "ALWAYS_ON" },
        "RootVolumeSizeGib": 80,
        "UserVolumeSizeGib": 50,
        "ComputeTypeName": (["STANDARD", "PERFORMANCE", "POWER"][number % 3]),
        "Protocols": ["WSP"],
        "OperatingSystemName": "WINDOWS_SERVER_2022",
    });
    if auto_stop {
        properties["RunningModeAutoStopTimeoutInMinutes"] = json!(60);
    }
    json!({
        "WorkspaceId": format!("ws-{number:09x}"),
        "DirectoryId": DIRECTORY,
        "UserName": format!("user{number}"),
        "IpAddress": format!("172.16.{}.{}", number / 250 % 250, number % 250 + 1),
        "State": (["AVAILABLE", "STOPPED", "AVAILABLE", "UNHEALTHY"][number % 4]),
        "BundleId": "wsb-0123456789",
        "SubnetId": "subnet-0a1b2c3d",
        "ComputerName": format!("WSAMZN-{number:06X}"),
        "RootVolumeEncryptionEnabled": number.is_multiple_of(2),
        "UserVolumeEncryptionEnabled": number.is_multiple_of(2),
        "WorkspaceProperties": properties,
        "ModificationStates": [],
    })
}

fn connection(id: &str) -> Value {
    json!({
        "WorkspaceId": id,
        "ConnectionState": if id.ends_with(['0', '4', '8', 'c']) { "CONNECTED" } else { "DISCONNECTED" },
        "ConnectionStateCheckTimestamp": NOW,
        "LastKnownUserConnectionTimestamp": NOW - 3_600,
    })
}

fn workspace_directories() -> Value {
    json!({ "Directories": [{
        "DirectoryId": DIRECTORY,
        "Alias": "bench",
        "DirectoryName": "bench.example.com",
        "RegistrationCode": "WSpdx+BENCH1",
        "SubnetIds": ["subnet-0a1b2c3d", "subnet-4e5f6a7b"],
        "DnsIpAddresses": ["172.16.0.2", "172.16.1.2"],
        "CustomerUserName": "Administrator",
        "DirectoryType": "AD_CONNECTOR",
        "State": "REGISTERED",
        "Tenancy": "SHARED",
    }] })
}

fn directories() -> Value {
    json!({ "DirectoryDescriptions": [{
        "DirectoryId": DIRECTORY,
        "Name": "bench.example.com",
        "ShortName": "BENCH",
        "Type": "ADConnector",
        "Stage": "Active",
        "LaunchTime": NOW - 86_400 * 400,
    }] })
}

fn caller_identity(account: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/bench</Arn><UserId>AIDABENCH</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult><ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId>\
         </ResponseMetadata></GetCallerIdentityResponse>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn following_the_tokens_gives_every_desktop_once() {
        let answers = Answers::new("111111111111", 60);
        let (mut token, mut seen) = (json!({}), 0);
        loop {
            let body = answers.workspaces(token.to_string().as_bytes()).unwrap();
            let page: Value = serde_json::from_slice(&body).unwrap();
            seen += page["Workspaces"].as_array().unwrap().len();
            match page.get("NextToken") {
                Some(next) => token = json!({ "NextToken": next }),
                None => break,
            }
        }
        assert_eq!(seen, 60);
    }

    #[test]
    fn a_desktop_that_is_named_comes_alone_and_one_that_is_not_there_does_not() {
        let answers = Answers::new("111111111111", 60);
        let body = answers.workspaces(br#"{"WorkspaceIds":["ws-00000003b","ws-00000003c"]}"#).unwrap();
        let page: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(page["Workspaces"].as_array().unwrap().len(), 1);
        assert_eq!(page["Workspaces"][0]["UserName"], "user59");
    }

    #[test]
    fn every_desktop_has_tags_once() {
        let answers = Answers::new("111111111111", 250);
        let (mut token, mut seen) = (String::new(), 0);
        loop {
            let body = answers.resources(json!({ "PaginationToken": token }).to_string().as_bytes()).unwrap();
            let page: Value = serde_json::from_slice(&body).unwrap();
            seen += page["ResourceTagMappingList"].as_array().unwrap().len();
            page["PaginationToken"].as_str().unwrap().clone_into(&mut token);
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, 250);
    }

    #[test]
    fn an_empty_directory_has_one_empty_page() {
        let page = Answers::new("111111111111", 0).workspaces(b"{}").unwrap();
        assert_eq!(page, Bytes::from_static(br#"{"Workspaces":[]}"#));
    }
}
