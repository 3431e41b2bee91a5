"""How soon a change stands in the matches that people read, on both nodes: `python -m bench.visible`.

Two real nodes with the demonstration's records. A process of one node changes something; from its last commit
on, managers of both nodes ask for the page over HTTP until it says what it should, and that all is matched.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx

from bench.demonstration import Running, running
from bench.harness import Figure, publish, quantile

ROUNDS = int(os.environ.get("KAKEHASHI_BENCH_ROUNDS", "5"))
PASSWORD = "bridge-2026"
PAUSE, PATIENCE = 0.05, 120.0  # seconds between two looks, and until it is given up
SIDES = ("munich", "osaka")
Says = Callable[[httpx.Response], bool]


class Bridge:
    """Both nodes, with somebody signed in at each."""

    def __init__(self, run: Running) -> None:
        self.home = run.home
        self.readers = {
            side: httpx.Client(base_url=base, follow_redirects=True, timeout=60)
            for side, base in zip(SIDES, run.addresses, strict=True)
        }
        for side, reader in self.readers.items():
            _sign_in(reader, f"manager@{side}.example")

    def do(self, side: str, step: str, **arguments: Any) -> tuple[Any, float]:
        """What a step of bench.visible_steps gave, and when it was committed."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.visible_steps", step, json.dumps(arguments)],
            env={**os.environ, "KAKEHASHI_NODE": str(self.home / side)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        said = json.loads(done.stdout.splitlines()[-1])
        return said["given"], said["committed"]

    def seen(self, side: str, path: str, says: Says, since: float) -> float:
        """Seconds from `since` until the page says it."""
        while time.time() < since + PATIENCE:
            if says(self.readers[side].get(path)):
                return time.time() - since
            time.sleep(PAUSE)
        raise SystemExit(f"{side}: {path} did not change within {PATIENCE:.0f} s")


def main() -> None:
    found: dict[str, list[float]] = {}
    with running() as run:
        bridge = Bridge(run)
        for number in range(ROUNDS):
            for name, seconds in _round(bridge, number):
                found.setdefault(name, []).append(seconds)
        for name, seconds in _end(bridge):
            found.setdefault(name, []).append(seconds)
    figures = []
    for name, each in found.items():
        figures.append(Figure(f"{name}, median of {len(each)}", quantile([*each, *each], 0.5), "s"))
        figures.append(Figure(f"{name}, slowest", max(each), "s"))
    publish("visible", figures)


def _round(bridge: Bridge, number: int) -> Iterator[tuple[str, float]]:
    """A record comes, is worded anew, the glossary learns a word of it, and the partner sees it no more."""
    word = f"Brimol{uuid4().hex[:6]}"
    bridge.do("osaka", "request", title=f"固形がんに対する{word}抗体", summary=f"{word}を求めています。")
    offer, at = bridge.do("munich", "offer", title=f"{word}-Antikörper gegen solide Tumoren")
    path = f"/en/matches/of/munich.example/{offer}/"
    yield from _both(bridge, "a new record", path, _matched(word), at)
    _, at = bridge.do("munich", "revise", record=offer, title=f"{word}-Antikörper, Fassung {number}")
    yield from _both(bridge, "a changed text", path, _matched(f"{word}-Antikörper, Fassung"), at)
    names = {"de": word, "ja": word, "en": f"Quxalorin {word}"}
    _, at = bridge.do("munich", "name", key=f"bench-{word.lower()}", names=names)
    seen = bridge.seen("munich", path, _matched(names["en"]), at)
    yield "a changed glossary, there", seen
    _, at = bridge.do("munich", "hide", record=offer)
    yield "taken from the partner, elsewhere", bridge.seen("osaka", path, _gone, at)


def _end(bridge: Bridge) -> Iterator[tuple[str, float]]:
    """The agreement ends: what came through it is nobody's match any more."""
    offer, at = bridge.do("munich", "offer", title="Letztes Angebot gegen solide Tumoren")
    path = f"/en/matches/of/munich.example/{offer}/"
    for _ in _both(bridge, "", path, _matched("Letztes Angebot"), at):
        pass
    _, at = bridge.do("munich", "end")
    yield "an agreement that ends, there", bridge.seen("munich", path, lambda page: not _shows(page), at)
    yield "an agreement that ends, elsewhere", bridge.seen("osaka", path, _gone, at)


def _both(bridge: Bridge, what: str, path: str, says: Says, at: float) -> Iterator[tuple[str, float]]:
    for side, where in zip(SIDES, ("there", "elsewhere"), strict=True):
        yield f"{what}, {where}", bridge.seen(side, path, says, at)


def _matched(words: str) -> Says:
    """Best matches, in which these words stand, and nothing is left to be computed."""
    return lambda page: (
        page.is_success and words in page.text and _shows(page) and "being computed" not in page.text
    )


def _shows(page: httpx.Response) -> bool:
    return "Best matches</h2>" in page.text


def _gone(page: httpx.Response) -> bool:
    return page.status_code == httpx.codes.NOT_FOUND


def _sign_in(reader: httpx.Client, who: str) -> None:
    page = reader.get("/en/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": who, "password": PASSWORD}
    answer = reader.post("/en/account/login/", data=fields)
    if "/account/login" in str(answer.url):
        raise SystemExit(f"{who} could not sign in")


if __name__ == "__main__":
    main()
