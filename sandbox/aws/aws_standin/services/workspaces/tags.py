"""Tags of desktops. Other resources carry none in a fleet, and are reported as not found."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.desktops import Desktop
from aws_standin.services.call import Call

_MOST_TAGS = 50


def describe_tags(call: Call) -> dict[str, Any]:
    """List the tags of one resource."""
    tags = call.fleet.tags(_desktop(call))
    return {"TagList": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}


def create_tags(call: Call) -> dict[str, Any]:
    """Add or replace tags."""
    desktop = _desktop(call)
    new = {tag["Key"]: tag.get("Value", "") for tag in call.params["Tags"]}
    tags = call.fleet.tags(desktop) | new
    if len(tags) > _MOST_TAGS:
        raise AwsError("ResourceLimitExceededException", f"At most {_MOST_TAGS} tags are allowed.")
    call.fleet.set_tags(desktop, tags)
    return {}


def delete_tags(call: Call) -> dict[str, Any]:
    """Remove tags by key."""
    desktop = _desktop(call)
    tags = call.fleet.tags(desktop)
    for key in call.params["TagKeys"]:
        tags.pop(key, None)
    call.fleet.set_tags(desktop, tags)
    return {}


def _desktop(call: Call) -> Desktop:
    desktop = call.fleet.find(call.params["ResourceId"])
    if desktop is None:
        raise AwsError(
            "ResourceNotFoundException", f"Resource {call.params['ResourceId']} was not found."
        )
    return desktop
