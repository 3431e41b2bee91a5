"""What a node is and where it lives: one folder with node.json, keys, database and files."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from kakehashi.errors import NodeMisconfigured

LANGUAGES = ("de", "ja", "en")


@dataclass(frozen=True)
class Node:
    """One organisation's installation.

    `name` is a DNS name without port (EXCHANGE.md section 1); `side` a slug that chooses the colour;
    `place` and `region_name` are shown names per language; `regions` ISO 3166-2 codes.
    """

    name: str
    side: str
    title: dict[str, str]
    place: dict[str, str]
    region_name: dict[str, str]
    regions: list[str]
    country: str
    sector: str
    language: str
    time_zone: str
    port: int
    demo: bool = False
    database: str = ""  # a postgresql:// address; empty means SQLite in the folder
    folder: Path = field(default=Path(), compare=False)

    @property
    def slug(self) -> str:
        """The name in a form that serves as folder and cookie suffix."""
        return self.name.replace(".", "-")

    @property
    def base(self) -> str:
        """The signed base address of the exchange (EXCHANGE.md section 10)."""
        return f"https://{self.name}/kx/v1"

    @property
    def pages(self) -> str:
        """The address of its pages as its own people reach it; without a slash at the end.

        In the demonstration the one that is printed: a browser is signed in at that name only.
        """
        return f"http://localhost:{self.port}" if self.demo else f"https://{self.name}"

    @property
    def key_folder(self) -> Path:
        return self.folder / "keys"


def home() -> Path:
    """`KAKEHASHI_HOME`, or the user's data folder."""
    chosen = os.environ.get("KAKEHASHI_HOME")
    return Path(chosen).resolve() if chosen else user_data_path("kakehashi")


def nodes(root: Path) -> list[Node]:
    """All nodes below `root`, by name."""
    return [load(path.parent) for path in sorted(root.glob("*/node.json"))]


def load(folder: Path) -> Node:
    """The node of one folder; NodeMisconfigured says what is wrong with node.json."""
    try:
        facts: dict[str, Any] = json.loads((folder / "node.json").read_text("utf-8"))
        return Node(**facts, folder=folder)
    except (OSError, ValueError, TypeError) as problem:
        raise NodeMisconfigured(f"{folder / 'node.json'}: {problem}") from problem


def save(node: Node) -> None:
    """Write node.json whole or not at all."""
    node.folder.mkdir(parents=True, exist_ok=True)
    facts = {key: value for key, value in asdict(node).items() if key != "folder"}
    draft = node.folder / "node.json.new"
    draft.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    draft.replace(node.folder / "node.json")


def find(root: Path, name: str | None) -> Node:
    """The node called `name` (its full name, its folder or its side), or the only one there is."""
    every = nodes(root)
    if not every:
        raise NodeMisconfigured(f"no node in {root}: run «kakehashi init» or «kakehashi up --demo» first")
    if name is None:
        if len(every) == 1:
            return every[0]
        raise NodeMisconfigured("several nodes here, say which: --node " + " | ".join(n.side for n in every))
    for node in every:
        if name in (node.name, node.side, node.slug, node.folder.name):
            return node
    raise NodeMisconfigured(f"no node «{name}»; there are: " + ", ".join(n.side for n in every))
