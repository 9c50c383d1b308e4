"""IP access control groups of a site: from where its directories may be reached.

In: a `Site`. Out: `IpGroup` values and the API's structure, whose member names begin in lower
case, unlike all others of WorkSpaces. Addresses are from the ranges reserved for documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_RULES = {
    "offices": (("198.51.100.0/24", "head office"), ("203.0.113.0/25", "branches")),
    "remote": (("192.0.2.0/24", "remote access"),),
}


@dataclass(frozen=True, slots=True)
class IpGroup:
    """One group; a rule is an address range and what it is."""

    id: str
    name: str
    rules: tuple[tuple[str, str], ...]


def ip_groups_of(site: Site) -> tuple[IpGroup, ...]:
    """The groups of a site that has directories; without any there are no groups."""
    if not site.directories:
        return ()
    return tuple(IpGroup(_group_id(site, name), name, rules) for name, rules in _RULES.items())


def ip_groups_of_directory(site: Site, index: int) -> tuple[str, ...]:
    """Ids of the groups that a directory uses: every second one uses one, the others none."""
    if index % 2:
        return ()
    names = list(_RULES)
    return (_group_id(site, names[index // 2 % len(names)]),)


def as_ip_group(group: IpGroup) -> dict[str, Any]:
    """The `WorkspacesIpGroup` structure of the WorkSpaces API."""
    return {
        "groupId": group.id,
        "groupName": group.name,
        "groupDesc": f"Access from {group.name}",
        "userRules": [{"ipRule": rule, "ruleDesc": text} for rule, text in group.rules],
    }


def _group_id(site: Site, name: str) -> str:
    return "wsipg-" + Draws(site.seed, "ip-group", site.account, site.region, name).text(_BASE36, 9)
