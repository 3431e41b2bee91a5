"""The outlines of the regions that ship with the package (data/regions/ATTRIBUTION.md)."""

import json
from functools import cache
from importlib import resources

from kakehashi.records.projection import Frame, Ring, frame, path


@cache
def outlines() -> dict[str, list[Ring]]:
    """Rings per ISO 3166-2 code, in degrees; read once."""
    text = (resources.files("kakehashi") / "data" / "regions" / "outlines.json").read_text("utf-8")
    return {code: [[(x, y) for x, y in ring] for ring in rings] for code, rings in json.loads(text).items()}


@cache
def drawn(codes: tuple[str, ...]) -> tuple[Frame, dict[str, str]]:
    """One frame around these regions, and the path of each in it."""
    known = {code: outlines()[code] for code in codes}
    at = frame([ring for rings in known.values() for ring in rings])
    return at, {code: path(rings, at) for code, rings in known.items()}
