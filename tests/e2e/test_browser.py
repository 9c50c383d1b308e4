"""A real Chromium signs in and sees the fleet."""

import os
import pathlib
import subprocess

from installation import Installation

CONSOLE = pathlib.Path(__file__).parents[2] / "console"


def test_a_browser_shows_the_fleet(synced: Installation) -> None:
    environment = os.environ | {
        "CONSOLE_URL": synced.state["consoleUrl"],
        "CONSOLE_USER": synced.state["username"],
        "CONSOLE_PASSWORD": synced.state["password"],
        "CONSOLE_CA_FILE": synced.state["caFile"],
        "CONSOLE_WORKSPACES": "1000",
        "CONSOLE_REGION": "eu-central-1",
        "CONSOLE_SCREENSHOTS": os.environ["DESKFLEET_E2E_OUTPUT"],
    }
    done = subprocess.run([CONSOLE.parent / "sandbox/console", "run", "test:e2e"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
