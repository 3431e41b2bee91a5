"""The directory of the demonstration: whoever is entered twice is found, and nobody else is suspected."""

from itertools import islice
from typing import Any

from kakehashi.importers import bridge_format as bridge
from kakehashi.importers.demonstration import FOLDER, SIDES
from kakehashi.records import identity

Directory = dict[str, dict[str, Any]]


def directory() -> Directory:
    return {
        entry.key: bridge.body(entry, side, {}.get)
        for side in SIDES
        for entry in bridge.read(FOLDER / side)
        if entry.kind == "organisation"
    }


def otherwise(name: str) -> str:
    """As the same organisation stands in another list."""
    for one, other in (("株式会社", "(株)"), (" Co., Ltd.", ""), (" GmbH", ""), ("ü", "ue"), (" ", "  ")):
        if one in name:
            return name.replace(one, other)
    return name.upper()


def again(body: dict[str, Any]) -> dict[str, Any]:
    """The organisation of a body entered a second time: one name, no identifier."""
    name = body["names"].get(body["lang"]) or next(iter(body["names"].values()))
    kept = {key: body[key] for key in ("kind", "lang", "type", "region") if key in body}
    return {**kept, "names": {body["lang"]: otherwise(name)}}


def test_nobody_in_the_demonstration_is_suspected_to_be_another() -> None:
    assert identity.pairs(directory()) == []


def test_each_organisation_that_is_entered_twice_is_found_and_no_other() -> None:
    known = directory()
    twice = {f"{id} again": again(body) for id, body in islice(known.items(), 0, None, 5)}
    found = {(pair.one, pair.other) for pair in identity.pairs(known | twice)}
    assert found == {(id.removesuffix(" again"), id) for id in twice}
