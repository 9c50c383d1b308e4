"""One seed, one fleet: whatever the process, the order of questions, or the size asked for."""

from __future__ import annotations

import subprocess
import sys
import time

from aws_standin.fleet.desktops import desktop_id
from aws_standin.fleet.spec import FleetSpec, Site
from aws_standin.fleet.store import SiteFleet
from aws_standin.world import World
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION

DIGEST = """
import hashlib, sys
from aws_standin.fleet import ledger
from aws_standin.fleet.spec import FleetSpec
from aws_standin.world import World

world = World()
world.make_fleet(FleetSpec.model_validate_json(sys.argv[1]))
digest = hashlib.sha256()
for line in ledger.desktop_lines(world.fleets()):
    digest.update(line.encode())
for line in ledger.session_lines(world.fleets(), 1772323200, 1772928000):
    digest.update(line.encode())
print(digest.hexdigest())
"""
TRUTH = "9060b9661483b09a5f44424e57a8981d5734fa9597bac06e852385c4e14ec7f7"
"""Digest of 400 desktops with seed 7, and of their first week of March 2026."""


def spec(seed: int, desktops: int) -> FleetSpec:
    accounts = [{"id": a, "regions": [REGION, OTHER_REGION]} for a in (ACCOUNT, OTHER_ACCOUNT)]
    return FleetSpec.model_validate({"seed": seed, "accounts": accounts, "desktops": desktops})


def digest_in_another_process(seed: int, hash_seed: str, zone: str) -> str:
    document = spec(seed, 400).model_dump_json(by_alias=True)
    finished = subprocess.run(
        [sys.executable, "-B", "-c", DIGEST, document],
        env={"PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout.strip()


def test_two_processes_tell_the_same_truth() -> None:
    one = digest_in_another_process(7, "1", "Asia/Tokyo")
    assert one == digest_in_another_process(7, "2", "America/New_York")
    assert one == TRUTH
    assert one != digest_in_another_process(8, "1", "Asia/Tokyo")


def test_a_desktop_does_not_depend_on_how_many_there_are() -> None:
    small = SiteFleet(Site(7, ACCOUNT, REGION, 50, 3))
    large = SiteFleet(Site(7, ACCOUNT, REGION, 500, 3))
    for one in small.listing(0):
        assert small.find(one) == large.find(one)


def test_a_desktop_does_not_depend_on_the_order_of_questions() -> None:
    site = Site(7, ACCOUNT, REGION, 60, 3)
    forwards, backwards = SiteFleet(site), SiteFleet(site)
    listing = forwards.listing(0)
    first = {one: forwards.find(one) for one in listing}
    assert first == {one: backwards.find(one) for one in reversed(listing)}


def test_ids_of_a_large_fleet_are_unique_and_come_in_seconds() -> None:
    world = World()
    began = time.process_time()
    world.make_fleet(spec(1, 50_000))
    assert time.process_time() - began < 5
    everything = [one for fleet in world.fleets() for one in fleet.listing(0)]
    assert len(set(everything)) == 50_000


def test_an_id_is_what_it_always_was() -> None:
    assert desktop_id(Site(7, ACCOUNT, REGION, 1, 1), 0) == "ws-h17ran5r6"
