"""Writes docs/commands.md from the commands' own help; a test compares the two."""

import os
import sys
from pathlib import Path
from typing import cast

import click
import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")

from kakehashi.cli import build

TARGET = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = "# Commands\n\nWritten from `kakehashi --help` by `make reference`; do not edit.\n"


def entry(command: click.Command, name: str) -> str:
    """One command: what it does, its arguments and options, and its example."""
    lines = [f"\n## kakehashi {name}\n", (command.help or "").strip(), ""]
    for parameter in command.params:
        record = parameter.get_help_record(click.Context(command))
        if record and record[0] != "--help":
            lines.append(f"- `{record[0].strip()}` {' '.join(record[1].split())}")
    return "\n".join(lines).rstrip() + "\n"


def walk(group: click.Group, prefix: str = "") -> list[str]:
    """All visible commands of a group, in the order in which help lists them."""
    found = []
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            found += walk(command, f"{prefix}{name} ")
        else:
            found.append(entry(command, prefix + name))
    return found


def text() -> str:
    """The whole page."""
    return HEAD + "".join(walk(cast(click.Group, typer.main.get_command(build("help")))))


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
    sys.stdout.write(f"{TARGET.name} written\n")
