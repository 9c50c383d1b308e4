"""The stub server `aws-stub` as a context, and what a client has to know to call it."""

import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

ACCOUNT = "111111111111"
ADDRESS = "127.0.0.1:5099"


class Stub:
    """A stub with so many desktops, for as long as it is needed."""

    def __init__(self, programs: pathlib.Path, desktops: int) -> None:
        self.command = [programs / "aws-stub", "--listen", ADDRESS, "--desktops", str(desktops), "--account", ACCOUNT]

    def __enter__(self) -> "Stub":
        self.process = subprocess.Popen(self.command)
        deadline = time.monotonic() + 10
        host, port = ADDRESS.split(":")
        while True:
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def calls(self) -> dict[str, int]:
        """How often each operation was called since the stub started, as the stub counted."""
        with urllib.request.urlopen(f"http://{ADDRESS}/calls") as answer:
            return json.load(answer)


def environment() -> dict[str, str]:
    """Dummy credentials, and no way out of this machine."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_ENDPOINT_URL": f"http://{ADDRESS}",
    }
