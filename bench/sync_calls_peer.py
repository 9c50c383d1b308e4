"""The calls of the reference design, made one by one, to be counted by the stub.

The design is that of AWS's Cost Optimizer for Amazon WorkSpaces (version 2.8), as its
source reads: the list of desktops page by page, and then, for each desktop, itself twice
(is it a standby?), its tags, its connection status, its metrics, and two calls to STS.
Written anew from that description; it keeps nothing of what it reads. The metrics are left
out here: they are calls of CloudWatch, and compared apart.
"""

import argparse

import boto3


def main() -> None:
    """Reads one region the way the reference design does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", default="us-east-1")
    arguments = parser.parse_args()
    workspaces = boto3.client("workspaces", region_name=arguments.region)
    identity = boto3.client("sts", region_name=arguments.region)
    identity.get_caller_identity()
    for directory in workspaces.describe_workspace_directories()["Directories"]:
        pages = workspaces.get_paginator("describe_workspaces").paginate(DirectoryId=directory["DirectoryId"])
        for page in pages:
            for workspace in page["Workspaces"]:
                read_one(workspaces, identity, workspace["WorkspaceId"])


def read_one(workspaces, identity, id_: str) -> None:
    """What the design asks about one desktop."""
    identity.get_caller_identity()
    workspaces.describe_workspaces(WorkspaceIds=[id_])
    workspaces.describe_tags(ResourceId=id_)
    identity.get_caller_identity()
    workspaces.describe_workspaces_connection_status(WorkspaceIds=[id_])
    workspaces.describe_workspaces(WorkspaceIds=[id_])


if __name__ == "__main__":
    main()
