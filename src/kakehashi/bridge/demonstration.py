"""The two nodes of the demonstration; the real organisations have signed nothing here."""

from dataclasses import replace
from pathlib import Path

from kakehashi.node import Node, load, save

MUNICH = {
    "name": "munich.example",
    "side": "munich",
    "title": {
        "de": "Demonstrationsknoten München",
        "ja": "デモノード・ミュンヘン",
        "en": "Demonstration node Munich",
    },
    "place": {"de": "München", "ja": "ミュンヘン", "en": "Munich"},
    "region_name": {"de": "Bayern", "ja": "バイエルン州", "en": "Bavaria"},
    "regions": ["DE-BY"],
    "country": "DE",
    "sector": "private",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "port": 8001,
}
OSAKA = {
    "name": "osaka.example",
    "side": "osaka",
    "title": {"de": "Demonstrationsknoten Osaka", "ja": "デモノード・大阪", "en": "Demonstration node Osaka"},
    "place": {"de": "Osaka", "ja": "大阪", "en": "Osaka"},
    "region_name": {"de": "Kansai", "ja": "関西", "en": "Kansai"},
    "regions": ["JP-25", "JP-26", "JP-27", "JP-28", "JP-29", "JP-30"],
    "country": "JP",
    "sector": "public",
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "port": 8002,
}


def create(home: Path) -> list[Node]:
    """Both nodes below `home`, as node.json files; what exists stays as it is."""
    made = []
    for facts in (MUNICH, OSAKA):
        node = Node(**facts, demo=True, folder=home / str(facts["side"]))  # type: ignore[arg-type]
        if not (node.folder / "node.json").exists():
            save(node)
        made.append(replace(node, database=load(node.folder).database))  # where its operator keeps the data
    return made
