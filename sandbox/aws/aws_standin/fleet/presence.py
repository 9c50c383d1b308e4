"""Which optional members an answer carries.

Real answers leave members out, some by state, some for no visible reason. In: a profile and
probabilities by member. Out: for a desktop, the set of members to leave out; the same desktop
always misses the same members.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Document

OPTIONAL: dict[str, float] = {
    "IpAddress": 0.03,
    "SubnetId": 0.02,
    "ComputerName": 0.03,
    "UserVolumeEncryptionEnabled": 0.15,
    "RootVolumeEncryptionEnabled": 0.15,
    "VolumeEncryptionKey": 0.05,
    "ModificationStates": 0.08,
    "WorkspaceName": 0.97,
    "DataReplicationSettings": 0.6,
    "StandbyWorkspacesProperties": 0.0,
    "RelatedWorkspaces": 0.0,
    "OperatingSystemName": 0.06,
    "Protocols": 0.04,
    "GlobalAccelerator": 0.9,
    "LastKnownUserConnectionTimestamp": 0.05,
    "ConnectionStateCheckTimestamp": 0.01,
}
"""Members that an answer may lack, with the share that lacks them in profile `aws`."""

Profile = Literal["aws", "full", "minimal"]
WhileStopped = Literal["stopped", "zero", "none"]


class Presence(Document):
    """How complete answers are: as AWS's are, with everything, or with the least."""

    profile: Profile = "aws"
    metrics_while_stopped: WhileStopped = "stopped"
    """What a desktop that does not run reports. `stopped`: `Stopped` = 1 and nothing else; `zero`:
    also `UserConnected` = 0; `none`: nothing, and `Stopped` never. Real AWS is not verified."""
    members: dict[str, float] = Field(default_factory=dict)
    """Probability of being present, for single members; it overrides the profile."""

    def missing(self, workspace_id: str) -> frozenset[str]:
        """Members that this desktop's answers lack."""
        draws = Draws("presence", workspace_id)
        return frozenset(name for name in OPTIONAL if draws.unit() < self._absence(name))

    def _absence(self, name: str) -> float:
        if name in self.members:
            return 1 - self.members[name]
        if self.profile == "aws":
            return OPTIONAL[name]
        return 1.0 if self.profile == "minimal" else 0.0
