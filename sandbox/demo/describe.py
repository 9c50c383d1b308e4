"""Writes the file that describes a running demo, for the end-to-end tests and for scripts.

The file holds the demo's password and keys, so it is readable by its owner alone.
"""

import argparse
import json
import os
import pathlib

OBJECTS = ["production", "staging"]


def main() -> None:
    """Joins the fleet's description with the addresses of the installation."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("fleet", "output", "namespace", "kubeconfig", "kubectl", "console", "ca", "standin", "username", "password"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    fleet = json.loads(pathlib.Path(arguments.fleet).read_text())
    accounts = [
        account | {"id": account["account"], "regions": fleet["regions"], "object": name, "schedule": f"{name}-fleet"}
        for account, name in zip(fleet["accounts"], OBJECTS, strict=True)
    ]
    state = {
        "namespace": arguments.namespace,
        "kubeconfig": arguments.kubeconfig,
        "kubectl": [arguments.kubectl, "kubectl"],
        "consoleUrl": arguments.console,
        "caFile": arguments.ca,
        "username": arguments.username,
        "password": arguments.password,
        "standinUrl": arguments.standin,
        "databasePod": "deskfleet-postgresql-0",
        "database": "deskfleet",
        "accounts": accounts,
    }
    descriptor = os.open(arguments.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file, indent=2)


if __name__ == "__main__":
    main()
