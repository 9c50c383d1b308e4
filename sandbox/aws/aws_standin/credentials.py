"""Who is calling: access keys, roles, and the sessions that AssumeRole made.

In: keys and roles declared through the control interface. Out: the `Identity` behind an access
key. Strict mode refuses keys and roles that were not declared; without it an unknown key belongs
to `DEFAULT_ACCOUNT`. Signatures are `signatures`' business; here is only which secret they need.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from aws_standin.errors import AwsError
from aws_standin.fleet.spec import AccountId, Document

DEFAULT_ACCOUNT = "123456789012"
_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

RoleArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$")
]


class AccessKey(Document):
    """A static access key of an IAM user."""

    access_key_id: str = Field(min_length=16, max_length=128)
    account: AccountId
    user: str = "deskfleet"
    secret_access_key: SecretStr | None = None
    """With it, requests must be signed with it; without it, any signature will do."""


class Role(Document):
    """A role that may be assumed, and by whom."""

    arn: RoleArn
    external_id: str | None = Field(default=None, min_length=2, max_length=1224)
    """What AssumeRole must send; None asks for nothing."""
    trusted_accounts: tuple[AccountId, ...] = ()
    """Accounts that may assume it; empty trusts every account."""
    session_seconds: int | None = Field(default=None, ge=1, le=43_200)
    """How long its sessions last, whatever AssumeRole asks for; shorter than AWS allows, so that
    a test need not wait for a session to end."""


class CredentialsSpec(Document):
    """Body of `POST /_standin/credentials`."""

    strict: bool = True
    keys: tuple[AccessKey, ...] = ()
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller."""

    account: str
    arn: str
    user_id: str


@dataclass(frozen=True, slots=True)
class SessionKey:
    """Temporary credentials; `expires` in UTC seconds of the wall clock."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires: float
    identity: Identity


class Credentials:
    """All keys, roles and sessions of one server."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._strict = False
        self._keys: dict[str, Identity] = {}
        self._secrets: dict[str, str] = {}
        self._roles: dict[str, Role] = {}
        self._sessions: dict[str, SessionKey] = {}

    def declare(self, spec: CredentialsSpec) -> None:
        """Add keys and roles, and set strictness."""
        with self._lock:
            self._strict = spec.strict
            for key in spec.keys:
                arn = f"arn:aws:iam::{key.account}:user/{key.user}"
                user_id = "AIDA" + key.access_key_id[-16:]
                self._keys[key.access_key_id] = Identity(key.account, arn, user_id)
                self._secrets.pop(key.access_key_id, None)
                if key.secret_access_key is not None:
                    self._secrets[key.access_key_id] = key.secret_access_key.get_secret_value()
            self._roles |= {role.arn: role for role in spec.roles}

    def identify(self, access_key_id: str, session_token: str | None, protocol: str) -> Identity:
        """The caller behind a key; raises the error AWS sends for a key it does not take."""
        session = self._sessions.get(access_key_id)
        if session is not None:
            if session.expires <= self._wall():
                code = "ExpiredToken" if protocol == "query" else "ExpiredTokenException"
                message = "The security token included in the request is expired"
                raise AwsError(code, message, 403 if protocol == "query" else 400)
            if session.session_token != session_token:
                raise _unknown_key(protocol)
            return session.identity
        known = self._keys.get(access_key_id)
        if known is not None:
            return known
        if self._strict:
            raise _unknown_key(protocol)
        arn = f"arn:aws:iam::{DEFAULT_ACCOUNT}:user/anyone"
        return Identity(DEFAULT_ACCOUNT, arn, "AIDA" + access_key_id[-16:].upper())

    def secret_of(self, access_key_id: str) -> str | None:
        """What requests with this key must be signed with; None if that does not matter."""
        session = self._sessions.get(access_key_id)
        return session.secret_access_key if session else self._secrets.get(access_key_id)

    def assume(
        self, caller: Identity, arn: str, session_name: str, external_id: str | None, seconds: int
    ) -> SessionKey:
        """A session of a role; raises AccessDenied as AWS does, without saying why."""
        role = self._roles.get(arn)
        denied = AwsError(
            "AccessDenied",
            f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            403,
        )
        if role is None:
            if self._strict:
                raise denied
        elif (role.external_id is not None and role.external_id != external_id) or (
            role.trusted_accounts and caller.account not in role.trusted_accounts
        ):
            raise denied
        if role is not None and role.session_seconds is not None:
            seconds = role.session_seconds
        return self._open_session(arn, session_name, seconds)

    def adopt(self, session: SessionKey) -> None:
        """Take over a session that moto made."""
        with self._lock:
            self._sessions[session.access_key_id] = session

    def _open_session(self, arn: str, session_name: str, seconds: int) -> SessionKey:
        session = SessionKey(
            access_key_id="ASIA" + _random_key(16),
            secret_access_key=secrets.token_urlsafe(30),
            session_token=secrets.token_urlsafe(96),
            expires=self._wall() + seconds,
            identity=role_identity(arn, session_name, _random_key(17)),
        )
        self.adopt(session)
        return session


def role_identity(arn: str, session_name: str, unique: str) -> Identity:
    """Identity of a role's session, as GetCallerIdentity shows it."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    role = resource.rsplit("/", 1)[-1]
    return Identity(
        account=account,
        arn=f"arn:{partition}:sts::{account}:assumed-role/{role}/{session_name}",
        user_id=f"AROA{unique}:{session_name}",
    )


def _unknown_key(protocol: str) -> AwsError:
    message = "The security token included in the request is invalid."
    if protocol == "query":
        return AwsError("InvalidClientTokenId", message, 403)
    return AwsError("UnrecognizedClientException", message, 400)


def _random_key(length: int) -> str:
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(length))
