"""C11: after an erasure no file of either node holds what was erased, and old entries still verify."""

import time
from base64 import urlsafe_b64encode
from pathlib import Path

from tests.two_nodes.nodes import PATIENCE, Running, two_nodes

DONE = [{"scrubbed": True, "done": True}]
NAME, EMAIL = "Ottilie Zwetschgenbaum", "ottilie.zwetschgenbaum@isar.example"


def holding(folder: Path, needle: bytes) -> list[str]:
    """The files below a folder that hold some bytes, whatever their letters' case."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if needle.lower() in path.read_bytes().lower()]


def needles(bridge: Running, record: str) -> list[bytes]:
    """Name, e-mail address, the name as a word of the search, and every salt in each form it takes."""
    salts = {bytes.fromhex(salt) for side in bridge.nodes for salt in bridge.do(side, "salts", record=record)}
    forms = [form for salt in salts for form in (salt, salt.hex().encode(), urlsafe_b64encode(salt)[:40])]
    assert len(forms) == 3  # one part, the same on both sides
    return [NAME.encode(), EMAIL.encode(), b"zwetschgenbaum", *forms]


def test_nothing_of_an_erased_record_is_in_any_file_of_either_node(tmp_path: Path) -> None:
    with two_nodes(tmp_path) as bridge:
        record = bridge.do("munich", "publish_about", name=NAME, email=EMAIL)
        bridge.do("osaka", "pull")
        wanted = needles(bridge, record)
        assert any(NAME in title for title in bridge.do("osaka", "seen"))
        for side in bridge.nodes:  # they are there, so that it means something when they are not
            assert all(holding(tmp_path / side, needle) for needle in wanted[:4])
        bridge.do("munich", "erase", record=record)
        bridge.do("osaka", "pull")
        assert bridge.do("osaka", "erasures") == [{"scrubbed": False, "done": False}]
        for side in bridge.nodes:
            assert bridge.do(side, "scrub") == 1
        until = time.monotonic() + PATIENCE
        while bridge.do("munich", "erasures") != DONE and time.monotonic() < until:
            bridge.do("osaka", "pull")  # the receipt, at most one a second
        for side in bridge.nodes:
            assert bridge.do(side, "erasures") == DONE
            bridge.do(side, "back_up")
            bridge.do(side, "invariants")
            assert [holding(tmp_path / side, needle) for needle in wanted] == [[]] * len(wanted)
        assert not any(NAME in title for title in bridge.do("osaka", "seen"))
