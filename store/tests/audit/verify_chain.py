#!/usr/bin/env python3
"""Proves audit trails without any code of deskfleet's.

Reads the lines that export_chain.sql gives from standard input, recomputes every hash and
every HMAC whose keys are there, and ends with status 1 at the first that differs. It needs
nothing but Python's standard library, so an auditor can read all of it. Deliberately absent:
signatures of checkpoints, which need an Ed25519 library (`openssl pkeyutl` has one).
"""

import hashlib
import hmac
import json
import sys


def main() -> int:
    chains: dict[str, dict] = {}
    for line in sys.stdin:
        row = json.loads(line)
        chain = chains.setdefault(row["account"], {"sequence": None, "hash": bytes(32), "events": 0, "values": 0})
        fault = judge(chain, row)
        if fault:
            print(f"{row['account']} {fault}")
            return 1
    for account, chain in chains.items():
        print(f"{account}: {chain['events']} events, {chain['values']} values")
    return 0


def judge(chain: dict, row: dict) -> str | None:
    sequence = row["sequence"]
    # After retention a trail begins later, with a hash that its first checkpoint vouches for.
    expected = 1 if chain["sequence"] is None else chain["sequence"] + 1
    if sequence != expected:
        return f"{expected}: missing"
    digest = hashlib.sha256(chain["hash"] + row["record"].encode()).digest()
    if digest.hex() != row["hash"]:
        return f"{sequence}: hash"
    record = json.loads(row["record"])
    if (record["account"], record["sequence"]) != (row["account"], sequence):
        return f"{sequence}: record of another place"
    values = {value["at"]: value for value in row["personal"]}
    for at, seal in record["sealed"].items():
        keys = [row["keys"].get(str(person)) for person in seal["of"]]
        value = values.pop(at, None)
        if None in keys:
            if value is not None:
                return f"{sequence}: value of an erased person at {at}"
            continue
        if value is None or hmac_of(value["value"], keys) != seal["hmac"]:
            return f"{sequence}: value at {at}"
        chain["values"] += 1
    if values:
        return f"{sequence}: value without a seal"
    chain.update(sequence=sequence, hash=digest, events=chain["events"] + 1)
    return None


def hmac_of(value: str, keys: list[str]) -> str:
    message = value.encode()
    for key in keys:
        message = hmac.digest(bytes.fromhex(key), message, "sha256")
    return message.hex()


if __name__ == "__main__":
    sys.exit(main())
