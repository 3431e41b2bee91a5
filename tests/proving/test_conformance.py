"""The kit of conformance: this node meets every case, and a node that breaks a rule fails the case for it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from conformance import __main__ as command
from conformance.kit import CASES, Party, Run, run
from django.core.wsgi import get_wsgi_application

from kakehashi import clock, this
from kakehashi.exchange import api, header
from kakehashi.exchange.actions.writing import writing
from tests import cast
from tests.exchange.world import World

pytestmark = pytest.mark.django_db
THERE = "osaka.example"


@pytest.fixture
def now() -> datetime:
    """The node reads the clock, so does the kit."""
    return clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.queries, "requests_per_minute", lambda peer, now: 6000)


@pytest.fixture
def world(now: datetime) -> World:
    """A node in agreement, with more entries than one checkpoint covers."""
    world = World(now)
    cast.offer(now, audience="agreements")
    with writing(world.ours.name, now=now) as writer:
        for _ in range(300):
            writer.add(header.agreement(writer.place, now=now))
    return world


Change = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Altered(httpx.BaseTransport):
    """This node in this process, its answers altered on the way as a wrong implementation would give them."""

    def __init__(self, change: Change | None = None) -> None:
        self.inner = httpx.WSGITransport(app=get_wsgi_application())
        self.change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        return answer if self.change is None else self.change(request, answer)


def runner(world: World, change: Change | None = None) -> Run:
    keys = {use: getattr(world.origin.keys, use) for use in ("http", "record", "log")}
    http = httpx.Client(transport=Altered(change))
    node = this.node().name
    return Run(f"http://{node}", Party(THERE, keys), world.origin.hash, True, http, node)


def test_this_node_meets_every_case(world: World) -> None:
    results = run(CASES, runner(world))
    assert [(each.case.number, each.outcome, each.why) for each in results if each.outcome != "ok"] == []
    assert len(results) > 45


def body_of(answer: httpx.Response) -> bytes:
    return b"".join(answer.stream)  # type: ignore[arg-type]  # WSGI answers are read at once


def says(answer: httpx.Response, status: int, body: bytes, **headers: str) -> httpx.Response:
    kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return httpx.Response(status, headers={**kept, **headers}, stream=httpx.ByteStream(body))


def lets_everybody_in(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return says(answer, 200, b"{}") if answer.status_code == 401 else answer


def answers_errors_as_text(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return (
        says(answer, answer.status_code, b"no", **{"content-type": "text/plain"})
        if answer.is_error
        else answer
    )


def tells_another_status(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return says(answer, 400, body_of(answer)) if answer.status_code == 416 else answer


def hides_an_entry(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if "/entries" not in request.url.path or "tlog" in request.url.path or answer.is_error:
        return answer
    lines = body_of(answer).splitlines(keepends=True)
    return says(answer, 200, b"".join(lines[:1] + lines[2:]))


def alters_a_payload(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if "/entries" not in request.url.path or "tlog" in request.url.path:
        return answer
    return says(answer, answer.status_code, body_of(answer).replace(b"Lizenznehmer", b"Kaeufer12345"))


def forgets_that_it_was_read(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return says(answer, 404, b"") if request.url.path.endswith("latest") else answer


def takes_every_body(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return says(answer, 200, b"") if request.method in ("PUT", "POST") else answer


def keeps_pages_in_caches(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return says(answer, answer.status_code, body_of(answer), **{"cache-control": "public"})


def serves_other_tiles(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if "/tlog/tile/0/" not in request.url.path or answer.is_error:
        return answer
    return says(answer, 200, bytes(len(body_of(answer))))


BROKEN: dict[Change, set[str]] = {
    lets_everybody_in: {"A1", "A2", "A4", "A5", "A6", "A8", "A9", "A10", "A12", "A13", "A14", "A16", "A17"},
    answers_errors_as_text: {"A1", "A21", "D2", "E9", "E10", "K4", "R2", "S2"},
    tells_another_status: {"E9"},
    hides_an_entry: {"E1", "E6", "E7"},
    alters_a_payload: {"E4"},
    forgets_that_it_was_read: {"R5"},
    takes_every_body: {"A16", "A17", "D3", "D4", "D5", "D6", "R1", "R2", "R3", "R4", "R6"},
    keeps_pages_in_caches: {"E13"},
    serves_other_tiles: {"T1"},
}


@pytest.mark.parametrize("change", BROKEN, ids=lambda change: change.__name__)
def test_a_node_that_breaks_a_rule_fails_the_cases_for_it(world: World, change: Change) -> None:
    wanted = [each for each in CASES if each.number in BROKEN[change]]
    assert len(wanted) == len(BROKEN[change])
    results = run(wanted, runner(world, change))
    assert {each.case.number for each in results if each.outcome == "failed"} == BROKEN[change]


def arguments(folder: Path, world: World, *more: str) -> list[str]:
    for use in ("http", "log"):
        (folder / f"{use}.key").write_text(getattr(world.origin.keys, use).seed.hex() + "\n")
    return [
        f"http://{this.node().name}", "--as", THERE, "--keys", str(folder),
        "--agreement", world.origin.hash, *more,
    ]  # fmt: skip


def test_the_command_prints_plan_and_table_and_ends_with_the_answer(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    http = httpx.Client(transport=Altered())
    words = arguments(tmp_path, world, "--only", "A1,E9,R5")
    assert command.main([*words, "--plan"], http) == 0
    assert "beyond the end of the log" in capsys.readouterr().out
    assert command.main(words, http) == 0
    told = capsys.readouterr().out
    assert told.index("beyond the end of the log") < told.index("what is asked")
    assert "2 ok, 0 failed, 1 left out" in told
    assert command.main(words, httpx.Client(transport=Altered(lets_everybody_in))) == 1
    assert "1 ok, 1 failed" in capsys.readouterr().out


def nothing(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(b"{}"))


def test_where_there_is_no_node_the_kit_says_that_it_cannot_run(world: World, tmp_path: Path) -> None:
    http = httpx.Client(transport=httpx.MockTransport(nothing))
    assert command.main(arguments(tmp_path, world), http) == 2


def test_numbers_of_cases_are_given_once() -> None:
    numbers = [each.number for each in CASES]
    assert len(set(numbers)) == len(numbers)


def test_waiting_requests_are_told_when_to_come_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr("conformance.kit.time.sleep", naps.append)
    left = [2]

    def busy(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if "/channels/" not in request.url.path or not left[0]:
            return answer
        left[0] -= 1
        return says(answer, 429, b"", **{"retry-after": "7"})

    asked = runner(world, busy)
    assert asked.size > 300
    assert naps == [7.0, 7.0]
