"""The fleet of one account and region, and what was changed since it was made.

Desktops are made from (site, index) when looked at and kept in a bounded cache; only changes are
stored: removals, additions, member overrides, tags, and states held by an API call. Reads see a
snapshot of the listing; changes take the lock. Instants are UTC seconds of the virtual clock.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from aws_standin.fleet import rendering, running
from aws_standin.fleet.bundles import Bundle, own_bundles, public_bundles
from aws_standin.fleet.changes import Change, Held
from aws_standin.fleet.desktops import Desktop, desktop_at, desktop_id
from aws_standin.fleet.directories import Directory, directories_of
from aws_standin.fleet.interventions import DAY, Intervention
from aws_standin.fleet.lifecycle import RESUME, Running, connection, power_state
from aws_standin.fleet.mode_history import Switch, drawn_switches, in_force
from aws_standin.fleet.personas import RunningMode
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.provisioning import Past, Tenure, created_at
from aws_standin.fleet.sessions import latest_session
from aws_standin.fleet.spec import Site

RUNNING_MODE = "WorkspaceProperties.RunningMode"
TIMEOUT = "WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes"
_RUNNING_STATES = frozenset({"AVAILABLE", "UNHEALTHY", "IMPAIRED"})
_CACHED_DESKTOPS = 65_536


class DuplicateIdError(Exception):
    """Two desktops of a fleet drew the same id; another seed avoids it."""


class SiteFleet:
    """Desktops, directories and bundles of one account and region."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.directories: tuple[Directory, ...] = directories_of(site)
        self.bundles: tuple[Bundle, ...] = own_bundles(site) + public_bundles(site.region)
        self._lock = threading.RLock()
        self._revision = 0
        self._index = {desktop_id(site, index): index for index in range(site.desktops)}
        if len(self._index) != site.desktops:
            raise DuplicateIdError
        self._next_index = site.desktops
        self._listing = tuple(sorted(self._index))
        self._changes: dict[str, Change] = {}
        self._terminating: dict[str, int] = {}
        self._ended: dict[str, Tenure] = {}
        self._past = Past(site, self.directories, self.bundles)
        self._desktop = lru_cache(maxsize=_CACHED_DESKTOPS)(self._make)

    def listing(self, now: int) -> tuple[str, ...]:
        """Ids of all desktops, sorted: the order of every listing."""
        if self._terminating:
            self.remove([one for one, end in list(self._terminating.items()) if end <= now])
        return self._listing

    def listing_after(self, position: str, now: int) -> Iterator[str]:
        """Ids that come after this one in the listing, whether or not it still exists."""
        listing = self.listing(now)
        for index in range(bisect_right(listing, position), len(listing)):
            yield listing[index]

    def find(self, workspace_id: str) -> Desktop | None:
        """The desktop with this id."""
        index = self._index.get(workspace_id)
        return None if index is None else self._desktop(index)

    def desktops(self) -> Iterator[Desktop]:
        """All desktops, in listing order."""
        return (self._desktop(self._index[one]) for one in self._listing if one in self._index)

    def running_mode(self, desktop: Desktop, now: int | None = None) -> RunningMode:
        """Running mode in force at an instant; without one, as provisioned or last set by a call.

        A value that was put in and that nobody knows behaves as the original one.
        """
        return self._regime(desktop, now).mode

    def timeout(self, desktop: Desktop, now: int | None = None) -> int:
        """AutoStop timeout in force, in minutes; chosen as the mode is."""
        return self._regime(desktop, now).timeout

    def switches(self, desktop: Desktop) -> tuple[Switch, ...]:
        """Every change of the running mode, in order of time; empty where one was put in."""
        change = self._change(desktop)
        if RUNNING_MODE in change.members or TIMEOUT in change.members:
            return (self._put_in(desktop, change),)
        return tuple(sorted((*drawn_switches(desktop), *change.switches), key=lambda s: s.at))

    def runs(self, desktop: Desktop, start: int, end: int) -> list[Running]:
        """Stretches of running that overlap [start, end), unclipped: what is billed by the hour."""
        power = self._change(desktop).power
        return running.runs(desktop, self.switches(desktop), power, start, end)

    def state(self, desktop: Desktop, now: int) -> str:
        """The desktop's state: held by a call, lastingly abnormal, or following its sessions."""
        held = self._change(desktop).held
        if held is not None and self._holds(desktop, held, now):
            return held.state
        if desktop.abnormal_state is not None:
            return desktop.abnormal_state
        mode, timeout = self.running_mode(desktop, now), self.timeout(desktop, now)
        if mode == "AUTO_STOP":
            intervened = running.intervened_state(desktop, timeout, now)
            if intervened is not None:
                return intervened
        return power_state(desktop.worker, mode, timeout, now)

    def describe(self, desktop: Desktop, presence: Presence, now: int) -> dict[str, Any]:
        """The API's `Workspace`, with all changes."""
        change = self._change(desktop)
        answer = rendering.workspace(
            desktop, self.state(desktop, now), presence.missing(desktop.id)
        )
        rendering.set_running_mode(
            answer, self.running_mode(desktop, now), self.timeout(desktop, now)
        )
        rendering.override(answer, change.members, change.dropped)
        if answer.get("WorkspaceProperties", {}).get("RunningMode") in {"ALWAYS_ON", "MANUAL"}:
            answer["WorkspaceProperties"].pop("RunningModeAutoStopTimeoutInMinutes", None)
        return answer

    def describe_connection(
        self, desktop: Desktop, presence: Presence, now: int
    ) -> dict[str, Any] | None:
        """The API's `WorkspaceConnectionStatus`; None where the service has no row."""
        state = self.state(desktop, now)
        if state in rendering.UNPLACED:
            return None
        seen = connection(desktop.worker, running=state in _RUNNING_STATES, instant=now)
        return rendering.connection_status(desktop, seen, presence.missing(desktop.id))

    def tenures(self, start: int, end: int) -> Iterator[Tenure]:
        """Every desktop that existed in [start, end), listed or not, in a fixed order."""
        for desktop in self.desktops():
            if desktop.id not in self._ended:
                yield Tenure(desktop, created_at(desktop), None, "seat")
        ended = [tenure for _, tenure in sorted(self._ended.items())]
        for index in range(self.site.desktops):
            before = self._past.predecessor(self._desktop(index))
            ended += [before] if before is not None else []
        ended += self._past.trials(start - DAY, end)
        for tenure in ended:
            if tenure.terminated is None or tenure.terminated > start:
                yield tenure

    def original(self, index: int) -> Desktop:
        """The desktop the fleet was made with under this index, whether or not it still exists."""
        return self._desktop(index)

    @property
    def revision(self) -> int:
        """A number that grows with every change of what is billed."""
        return self._revision

    def tags(self, desktop: Desktop) -> dict[str, str]:
        """Tags in force."""
        changed = self._change(desktop).tags
        return dict(desktop.tags) if changed is None else dict(changed)

    def was_ever_tagged(self, desktop: Desktop) -> bool:
        """Whether it has tags, or had some that were removed."""
        return bool(desktop.tags) or self._change(desktop).tags is not None

    def set_tags(self, desktop: Desktop, tags: dict[str, str]) -> None:
        """Replace all tags."""
        with self._lock:
            self._changing(desktop.id).tags = tags

    def hold(self, desktop: Desktop, held: Held | None) -> None:
        """Put the desktop in a state, or let it follow its sessions again."""
        with self._lock:
            self._changing(desktop.id).held = held

    def terminate(self, desktop: Desktop, now: int, gone_at: int) -> None:
        """Show the desktop as TERMINATING until it disappears."""
        with self._lock:
            self._changing(desktop.id).held = Held("TERMINATING", now)
            self._ended[desktop.id] = Tenure(desktop, created_at(desktop), now, "call")
            self._revision += 1
            self._terminating[desktop.id] = gone_at

    def change(self, workspace_id: str, members: dict[str, Any], dropped: set[str]) -> None:
        """Override members of the API's `Workspace`, by dotted path."""
        with self._lock:
            change = self._changing(workspace_id)
            self._changes[workspace_id] = replace(
                change, members={**change.members, **members}, dropped=change.dropped | dropped
            )
            self._revision += 1

    def switch(self, desktop: Desktop, switch: Switch) -> None:
        """Change the running mode from an instant on."""
        with self._lock:
            change = self._changing(desktop.id)
            change.members = {
                path: value
                for path, value in change.members.items()
                if path not in {RUNNING_MODE, TIMEOUT}
            }
            change.switches = (*change.switches, switch)
            self._revision += 1

    def note_power(self, desktop: Desktop, call: Intervention) -> None:
        """Remember that an API call started or stopped the desktop, for the bill."""
        with self._lock:
            change = self._changing(desktop.id)
            change.power = (*change.power, call)
            self._revision += 1

    def remove(self, ids: list[str]) -> None:
        """Remove desktops without a trace."""
        with self._lock:
            gone = set(ids)
            self._listing = tuple(one for one in self._listing if one not in gone)
            self._revision += 1
            for one in gone:
                self._index.pop(one, None)
                if one not in self._ended:
                    self._changes.pop(one, None)
                self._terminating.pop(one, None)

    def add(self, count: int) -> list[str]:
        """Add the desktops that follow the last index ever used; return their ids."""
        with self._lock:
            indexes = range(self._next_index, self._next_index + count)
            added = {desktop_id(self.site, index): index for index in indexes}
            self._index.update(added)
            self._next_index += count
            self._listing = tuple(sorted(self._index))
            self._revision += 1
            return list(added)

    def _make(self, index: int) -> Desktop:
        return desktop_at(self.site, self.directories, self.bundles, index)

    def _change(self, desktop: Desktop) -> Change:
        return self._changes.get(desktop.id, _UNCHANGED)

    def _changing(self, workspace_id: str) -> Change:
        return self._changes.setdefault(workspace_id, Change())

    def _regime(self, desktop: Desktop, now: int | None) -> Switch:
        if now is not None:
            return in_force(desktop, self.switches(desktop), now)
        change = self._change(desktop)
        return change.switches[-1] if change.switches else self._put_in(desktop, change)

    def _put_in(self, desktop: Desktop, change: Change) -> Switch:
        """The mode that `change` put in for all times, or the one it was provisioned with."""
        mode = change.members.get(RUNNING_MODE)
        known = mode in {"AUTO_STOP", "ALWAYS_ON", "MANUAL"}
        return Switch(
            at=0,
            mode=cast("RunningMode", mode) if known else desktop.running_mode,
            timeout=int(change.members.get(TIMEOUT, desktop.timeout)),
        )

    def _holds(self, desktop: Desktop, held: Held, now: int) -> bool:
        if held.until is not None and now >= held.until:
            return False
        if not held.by_session:
            return True
        latest = latest_session(desktop.worker, now + RESUME)
        return latest is None or latest.start - RESUME < held.since


_UNCHANGED = Change()
