"""Prints the Secrets with the AWS keys that the stand-in gave out, as Kubernetes objects.

In a real installation a platform team brings these, or better: uses EKS Pod Identity and
assumed roles, and has none.
"""

import json
import pathlib
import sys


def secret(name: str, values: dict[str, str]) -> dict:
    """A Secret of the demo's namespace."""
    metadata = {"name": name, "namespace": "deskfleet"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "stringData": values}


def main() -> None:
    """Reads the fleet's description, prints a list."""
    fleet = json.loads(pathlib.Path(sys.argv[1]).read_text())
    first, second = fleet["accounts"]
    keys = {"accessKeyId": first["accessKeyId"], "secretAccessKey": first["secretAccessKey"]}
    items = [
        secret("deskfleet-aws-keys", keys),
        # The second account is reached by a role that the first account's keys assume.
        secret("deskfleet-aws-external-id", {"externalId": second["externalId"]}),
    ]
    json.dump({"apiVersion": "v1", "kind": "List", "items": items}, sys.stdout)


if __name__ == "__main__":
    main()
