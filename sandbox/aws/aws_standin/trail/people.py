"""Those who act on a fleet: people, programs, AWS's own services, and each `userIdentity`.

In: a site's seed and account. Out: `Actor`s; a person keeps name, role and keys, a session's key
and beginning follow the day. How an end user's self-service is shown is our choice: AWS publishes
no example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.ledger import iso
from aws_standin.trail.event import Actor

_KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ADMINS = ("alex.morgan", "jamie.chen", "priya.nair", "tomas.novak", "zoe.okafor")
_BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
_CLI = "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13.7"
_BOTO = "Boto3/1.40.21 md/Botocore#1.40.21 ua/2.1 os/linux lang/python#3.12.11"
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and programs of one account."""

    seed: int
    account: str

    def administrator(self, draws: Draws, at: int) -> Actor:
        """A person who signed in through Identity Center, or rarely an IAM user."""
        number = draws.below(len(_ADMINS))
        name = _ADMINS[number]
        if number == len(_ADMINS) - 1:
            return self.iam_user(name, at)
        role = "AWSReservedSSO_WorkSpacesAdmin_" + self._of("sso").text("0123456789abcdef", 16)
        path = "aws-reserved/sso.amazonaws.com/eu-central-1/"
        address = f"203.0.113.{10 + number}"
        return self._session(role, f"{name}@example.com", at, (address, _BROWSER), path)

    def iam_user(self, name: str, at: int) -> Actor:
        """An IAM user in the console, with a second factor."""
        draws = self._of("user", name)
        identity: dict[str, Any] = {
            "type": "IAMUser",
            "principalId": "AIDA" + draws.text(_KEYS, 17),
            "arn": f"arn:aws:iam::{self.account}:user/{name}",
            "accountId": self.account,
            "accessKeyId": "ASIA" + self._of("user", name, at // _DAY).text(_KEYS, 16),
            "userName": name,
            "sessionContext": {"attributes": _attributes(at, mfa="true")},
        }
        return Actor(identity, name, identity["accessKeyId"], "198.51.100.23", _BROWSER)

    def root(self, at: int) -> Actor:
        """The account's owner."""
        identity: dict[str, Any] = {
            "type": "Root",
            "principalId": self.account,
            "arn": f"arn:aws:iam::{self.account}:root",
            "accountId": self.account,
            "accessKeyId": "ASIA" + self._of("root", at // _DAY).text(_KEYS, 16),
            "sessionContext": {"attributes": _attributes(at, mfa="true")},
        }
        return Actor(identity, "root", identity["accessKeyId"], "192.0.2.77", _BROWSER)

    def optimizer(self, region: str, at: int) -> Actor:
        """A cost optimizer that runs every night; its session has a name that says nothing."""
        role = f"Workspaces-Admin-Spoke-{region}"
        return self._session(role, "SessionName", at, ("198.51.100.200", _BOTO))

    def scheduler(self, at: int) -> Actor:
        """A Lambda function that starts and stops things by the clock."""
        return self._session("desk-scheduler", "desk-scheduler", at, ("198.51.100.201", _BOTO))

    def pipeline(self, at: int) -> Actor:
        """A build pipeline with a web identity of another provider."""
        number = self._of("pipeline", at).between(1000, 9999)
        provider = f"arn:aws:iam::{self.account}:oidc-provider/token.actions.example.com"
        federated = {
            "federatedProvider": provider,
            "attributes": {"aud": "sts.amazonaws.com", "sub": "repo:corp/images:ref:main"},
        }
        name = f"build-{number}"
        actor = self._session("image-pipeline", name, at, ("198.51.100.90", _CLI))
        actor.identity["sessionContext"]["webIdFederationData"] = federated
        return actor

    def service(self, name: str) -> Actor:
        """An AWS service that acts by itself."""
        identity = {"type": "AWSService", "invokedBy": f"{name}.amazonaws.com"}
        return Actor(identity, None, None, f"{name}.amazonaws.com", f"{name}.amazonaws.com")

    def service_linked(self, at: int) -> Actor:
        """The service-linked role of WorkSpaces pools."""
        path = "aws-service-role/workspaces.amazonaws.com/"
        service = "workspaces.amazonaws.com"
        role = "AWSServiceRoleForWorkSpacesPools"
        return self._session(role, "WorkSpacesPools", at, (service, service), path)

    def end_user(self, desktop: Desktop) -> Actor:
        """The user of a desktop, from its client program."""
        draws = self._of("client", desktop.id)
        identity = {
            "type": "Unknown",
            "principalId": f"{desktop.directory.id}/{desktop.user_name}",
            "accountId": self.account,
            "userName": desktop.user_name,
        }
        address = f"192.0.2.{draws.between(1, 254)}"
        return Actor(identity, desktop.user_name, None, address, "Amazon WorkSpaces Client/5.29")

    def _session(
        self, role: str, name: str, at: int, place: tuple[str, str], path: str = ""
    ) -> Actor:
        unique = "AROA" + self._of("role", role).text(_KEYS, 17)
        context: dict[str, Any] = {
            "sessionIssuer": {
                "type": "Role",
                "principalId": unique,
                "arn": f"arn:aws:iam::{self.account}:role/{path}{role}",
                "accountId": self.account,
                "userName": role,
            },
            "attributes": _attributes(at, mfa="false"),
        }
        identity: dict[str, Any] = {
            "type": "AssumedRole",
            "principalId": f"{unique}:{name}",
            "arn": f"arn:aws:sts::{self.account}:assumed-role/{role}/{name}",
            "accountId": self.account,
            "accessKeyId": "ASIA" + self._of("session", role, name, at // 3600).text(_KEYS, 16),
            "sessionContext": context,
        }
        return Actor(identity, name, identity["accessKeyId"], *place)

    def _of(self, *path: object) -> Draws:
        return Draws(self.seed, "cast", self.account, *path)


def _attributes(at: int, mfa: str) -> dict[str, str]:
    return {"creationDate": iso(at - at % 3600), "mfaAuthenticated": mfa}
