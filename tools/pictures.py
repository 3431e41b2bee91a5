"""Takes pictures of every page: three languages, wide and narrow, light and dark.

`python tools/pictures.py [WORD …] [--language ja] [--light] [--anew] [--home PATH]`. They go to
tests/journeys/pictures/ (not in git), for looking at; with words, only pages whose name holds one of them;
without --anew, only what is missing, so that a run which was stopped goes on. --home: a demonstration that is
already open. --readme takes the two pictures of the README anew.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page
from rich.progress import track

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.journeys.browser import NARROW, WIDE, Visitor, browser  # noqa: E402
from tests.journeys.pages import pages  # noqa: E402
from tests.journeys.states import STATES, State, at  # noqa: E402
from tests.supervisor import Bridge  # noqa: E402

from kakehashi.node import find  # noqa: E402  # after the path is set, as all below

FOLDER = ROOT / "tests" / "journeys" / "pictures"
README = ROOT / "docs" / "pictures"
README_SIZE = (1280, 1080)
LANGUAGES = ("de", "ja", "en")
PEOPLE = (("manager", "munich"), ("member", "munich"), ("editor", "munich"), ("stranger", "osaka"))
EVERYBODY = (
    "home",
    "records",
    "matches",
)  # looks different to each; of the rest, what those before did not see
Addresses = dict[str, str]  # side: the node's address


def main() -> None:
    asked = _asked()
    with _nodes(asked.home) as nodes, browser() as chromium:
        if asked.readme:
            for_readme(chromium, nodes)
        else:
            every(chromium, nodes, asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    for flag in ("--light", "--anew", "--readme"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--home", type=Path)
    return parser.parse_args()


@contextmanager
def _nodes(home: Path | None) -> Iterator[Addresses]:
    """The addresses of both nodes: of those that run in `home`, or of two of our own."""
    if home:
        yield {side: f"http://localhost:{find(home, side).port}" for side in ("munich", "osaka")}
        return
    with tempfile.TemporaryDirectory() as own, Bridge(Path(own) / "home") as bridge:
        print("The bridge is open; waiting until all is exchanged and matched …")
        bridge.until_ready()
        yield {"munich": bridge.munich, "osaka": bridge.osaka}


def for_readme(chromium: Browser, nodes: Addresses) -> None:
    """The front page of both nodes, each in its own language."""
    README.mkdir(parents=True, exist_ok=True)
    for side, language in (("munich", "de"), ("osaka", "ja")):
        visitor = Visitor(chromium, size=README_SIZE)
        visitor.page.goto(f"{nodes[side]}/{language}/", wait_until="networkidle")
        path = README / f"home-{side}.png"
        visitor.page.screenshot(path=path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def every(chromium: Browser, nodes: Addresses, asked: argparse.Namespace) -> None:
    """All pages that each of the people can reach, then what no link leads to."""
    schemes = ("light",) if asked.light else ("light", "dark")
    for language in asked.language or LANGUAGES:
        seen: set[str] = set()
        for role, side in PEOPLE:
            visitor, start = Visitor(chromium), f"{nodes[side]}/{language}/"
            if role != "stranger":
                visitor.sign_in(nodes[side], role, side, language)
            found = pages(visitor.context, nodes[side], language)
            states: dict[str, State] = {_plain(name): at(path) for name, path in found.items()}
            states = {name: state for name, state in states.items() if name not in seen - set(EVERYBODY)}
            seen |= set(states)
            for name, state in track((states | STATES.get(role, {})).items(), f"{language}, {role}"):
                if not asked.words or any(word in name for word in asked.words):
                    take(visitor.page, state, start, FOLDER / language / role / name, schemes, asked.anew)
            visitor.context.close()


def _plain(name: str) -> str:
    """A page's shape as the name of a file."""
    return name.replace("/*", "-one").strip("/").replace("/", "-").replace(" ", "-") or "home"


def take(page: Page, state: State, start: str, path: Path, schemes: tuple[str, ...], anew: bool) -> None:
    """One page in each scheme and width, as far as there is no picture of it yet."""
    wanted = {
        path.with_name(f"{path.name}-{size[0]}{'' if scheme == 'light' else '-dark'}.png"): (scheme, size)
        for scheme in schemes
        for size in (WIDE, NARROW)
    }
    missing = {file: view for file, view in wanted.items() if anew or not file.exists()}
    if not missing:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    state(page, start)
    page.wait_for_load_state("networkidle")
    for file, (scheme, (width, height)) in missing.items():
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main()
