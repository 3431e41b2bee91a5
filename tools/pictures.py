"""Takes pictures of every page, in three languages, wide and narrow: `python tools/pictures.py [WORD …]`.

They go to tests/journeys/pictures/ (not in git), for looking at; with words, only pages whose address holds
one of them. The two pictures of the README (docs/pictures/) are taken anew with --readme.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from rich.progress import track

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.journeys.browser import NARROW, WIDE, Visitor, browser  # noqa: E402
from tests.journeys.pages import pages  # noqa: E402
from tests.supervisor import Bridge  # noqa: E402  # after the path is set

FOLDER = ROOT / "tests" / "journeys" / "pictures"
README = ROOT / "docs" / "pictures"
README_SIZE = (1280, 1080)
LANGUAGES = ("de", "ja", "en")


def main() -> None:
    with tempfile.TemporaryDirectory() as home, Bridge(Path(home) / "home") as bridge, browser() as chromium:
        print("The bridge is open; waiting until all is exchanged and matched …")
        bridge.until_ready()
        if "--readme" in sys.argv:
            for_readme(chromium, bridge)
        else:
            every(chromium, bridge, [word for word in sys.argv[1:] if not word.startswith("-")])


def for_readme(chromium: Browser, bridge: Bridge) -> None:
    """The front page of both nodes, each in its own language."""
    README.mkdir(parents=True, exist_ok=True)
    for side, base, language in (("munich", bridge.munich, "de"), ("osaka", bridge.osaka, "ja")):
        visitor = Visitor(chromium, size=README_SIZE)
        visitor.page.goto(f"{base}/{language}/", wait_until="networkidle")
        path = README / f"home-{side}.png"
        visitor.page.screenshot(path=path)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def every(chromium: Browser, bridge: Bridge, words: list[str]) -> None:
    """All pages: those of a stranger in Osaka, those of a manager in Munich."""
    for language in LANGUAGES:
        for role, side, base in (("stranger", "osaka", bridge.osaka), ("manager", "munich", bridge.munich)):
            visitor = Visitor(chromium)
            if role != "stranger":
                visitor.sign_in(base, role, side, language)
            found = pages(visitor.context, base, language)
            chosen = {n: p for n, p in found.items() if not words or any(word in n for word in words)}
            for name, path in track(chosen.items(), f"{language}, {role}"):
                take(visitor, f"{base}/{language}/{path}", FOLDER / language / role, name)


def take(visitor: Visitor, address: str, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain = name.replace("*", "").replace("//", "/").strip("/").replace("/", "-").replace(" ", "-") or "home"
    for width, height in (WIDE, NARROW):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.page.goto(address, wait_until="networkidle")
        visitor.page.screenshot(path=folder / f"{plain}-{width}.png", full_page=True)


if __name__ == "__main__":
    main()
