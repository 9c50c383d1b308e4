"""AWS's partitions: what stands second in an ARN."""

from __future__ import annotations


def partition_of(region: str) -> str:
    """The partition of a region."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
