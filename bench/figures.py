"""Figures of a measurement: how they are printed and kept."""

import argparse
import json
import pathlib

COMMAND = "make bench-sync"


def figure(name: str, value: float, unit: str, peer: str | None = None, peer_value: float | None = None) -> dict:
    """One entry of a results file."""
    ratio = round(value / peer_value, 4) if peer_value else None
    return {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio, "command": COMMAND}


def keep(path: pathlib.Path, entries: list[dict]) -> None:
    """Prints the figures, and puts them in the place of those of the same names in the file."""
    for entry in entries:
        beside = f"  beside {entry['peer_value']} ({entry['peer']})" if entry["peer"] else ""
        print(f"{entry['name']} {entry['value']} {entry['unit']}{beside}")
    kept = json.loads(path.read_text()) if path.exists() else []
    names = {entry["name"] for entry in entries}
    path.write_text(json.dumps([entry for entry in kept if entry["name"] not in names] + entries, indent=2) + "\n")


def arguments(about: str) -> argparse.ArgumentParser:
    """What every measurement is told."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    return parser
