"""Reading ahead: the next page is under way while one is applied, and is judged like any other."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kakehashi.errors import PeerError
from kakehashi.exchange import pulling
from kakehashi.exchange.ahead import Ahead
from kakehashi.exchange.coding import encode
from kakehashi.exchange.log import CHECKPOINT_EVERY
from kakehashi.exchange.page import Line, Page
from tests.exchange.test_pulling import Answer, partner
from tests.exchange.world import World, body

A_PAGE = Page(next=1, note="", lines=[Line(0, {}, b"{}", {})])


def fails() -> Page:
    raise PeerError("unreachable")


def test_a_page_that_was_asked_for_is_had_once() -> None:
    ahead = Ahead()
    assert ahead.take(0) is None
    ahead.ask(0, lambda: A_PAGE)
    assert ahead.take(0) is A_PAGE
    assert ahead.take(0) is None


@pytest.mark.parametrize("get", [fails, lambda: Page(next=0, note="")], ids=["failed", "nothing new"])
def test_what_failed_or_holds_nothing_is_asked_again_when_its_turn_comes(get: Callable[[], Page]) -> None:
    ahead = Ahead()
    ahead.ask(0, get)
    assert ahead.take(0) is None


def test_a_page_for_another_place_is_dropped() -> None:
    ahead = Ahead()
    ahead.ask(256, lambda: A_PAGE)
    assert ahead.take(0) is None
    assert ahead.take(256) is None


def pages(world: World, asked: list[int], alter: Callable[[int, bytes], bytes]) -> Callable[..., Answer]:
    """The honest partner, page by page of 256; `alter` may touch what it sends."""

    def answer(method: str, path: str) -> Answer:
        if path.startswith("/.well-known/kx"):
            return 200, {}, world.origin.keyset.data
        if method == "POST":
            return 200, {}, b""
        start = int(parse_qs(urlsplit(path).query)["from"][0])
        asked.append(start)
        end = min(start + CHECKPOINT_EVERY, len(world.origin.lines))
        data = alter(start, world.origin.feed(start, end))
        return 200, {"Content-Encoding": "zstd"}, encode(data, "zstd")

    return answer


@pytest.fixture
def world(now: datetime, db: None) -> World:
    """Three pages wait."""
    world = World(now)
    for _ in range(2 * CHECKPOINT_EVERY + 3):
        world.origin.put(body=body())
    return world


def test_the_next_page_is_asked_for_before_the_first_one_counts(world: World, now: datetime) -> None:
    asked: list[int] = []
    ahead = Ahead()
    with partner(pages(world, asked, lambda start, data: data)) as client:
        name = world.origin.channel
        counts = [pulling.pull(client, name, lambda: now, wait=0, ahead=ahead) for _ in range(3)]
    assert counts == [256, 256, 4]
    assert asked == [0, 256, 512]
    assert world.theirs.size == len(world.origin.lines)
    assert world.theirs.feed.code == ""


def test_while_there_is_more_a_receipt_waits_until_one_must_be_sent(world: World, now: datetime) -> None:
    asked: list[int] = []
    sent_after: list[int] = []
    honest = pages(world, asked, lambda start, data: data)

    def answer(method: str, path: str) -> Answer:
        if method == "POST":
            sent_after.append(asked[-1])
        return honest(method, path)

    with partner(answer) as client:
        for seconds in (0, 2, 4):
            at = now + timedelta(seconds=seconds)
            pulling.pull(client, world.origin.channel, lambda at=at: at, wait=0)
    assert sent_after == [0, 512]


def test_an_altered_page_read_ahead_is_refused_and_read_anew(world: World, now: datetime) -> None:
    asked: list[int] = []
    ahead = Ahead()

    def spoil_once(start: int, data: bytes) -> bytes:
        return data.replace(b'"rev":1', b'"rev":7', 1) if asked == [0, 256] else data

    with partner(pages(world, asked, spoil_once)) as client:
        name = world.origin.channel
        assert pulling.pull(client, name, lambda: now, wait=0, ahead=ahead) == 256
        assert pulling.pull(client, name, lambda: now, wait=0, ahead=ahead) == 0
        assert (world.theirs.size, world.theirs.feed.code) == (256, "root-mismatch")
        assert pulling.pull(client, name, lambda: now, wait=0, ahead=ahead) == 256
    assert asked[-1] == 512
    assert asked.count(256) == 2
    assert world.theirs.feed.code == ""
