"""The style sheet and the templates: contrast, nothing from elsewhere, nothing inline."""

import re
from itertools import product
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kakehashi"
CSS = (SOURCE / "ui/static/ui/kakehashi.css").read_text("utf-8")
SHEETS = sorted(SOURCE.glob("*/static/**/*.css"))
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))

TEXT, CONTROL = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
PAIRS = [
    ("ink", "paper", 7.0),
    ("paper", "ink", 7.0),
    ("ink", "wash", 7.0),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "wash", TEXT),
    ("line", "paper", CONTROL),
    *((side, ground, TEXT) for side, ground in product(("munich", "osaka"), ("paper", "wash"))),
    *(("ink", f"{side}-wash", 7.0) for side in ("munich", "osaka")),
    *((side, f"{side}-wash", TEXT) for side in ("munich", "osaka")),
    *(("paper", side, TEXT) for side in ("munich", "osaka")),
]


def tokens(scheme: str) -> dict[str, str]:
    roots = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", roots[0]))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", roots[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_guideline_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_text_and_controls_stand_out_from_their_ground(
    scheme: str, front: str, ground: str, least: float
) -> None:
    colours = tokens(scheme)
    assert contrast(colours[front], colours[ground]) >= least


def test_colours_are_named_once() -> None:
    body = CSS.split("/* ── 2 Base")[1].split("@media print")[0]
    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", body)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_no_style_loads_anything_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert "@import" not in text
    assert not re.findall(r"url\(\s*['\"]?(?:https?:)?//", text)


def test_a_motion_is_only_for_those_who_want_it() -> None:
    outside = re.sub(r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}", "", CSS, flags=re.DOTALL)
    assert not re.findall(r"\b(?:transition|animation)\s*:", outside)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_template_needs_more_than_the_content_policy_gives(template: Path) -> None:
    text = template.read_text("utf-8")
    mail = "/mail/" in str(template) or "/email/" in str(template)
    assert mail or not re.findall(r"\sstyle=|<style\b", text)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", text)
    assert not re.findall(r"\son[a-z]+=['\"]|href=['\"]javascript:|\shx-on", text)
    assert not re.findall(
        r"(?:src|srcset|action)=['\"](?:https?:)?//|<link[^>]+href=['\"](?:https?:)?//", text
    )


BUILT = ("htmx-", "row-", "type-")  # put together by htmx or from a field's name
RULE = re.compile(r"([^{}]+)\{")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_every_class_of_a_sheet_is_used_somewhere(sheet: Path) -> None:
    bare = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    classes = {name for rule in RULE.findall(bare) for name in re.findall(r"\.([a-z][\w-]*)", rule)}
    said = "\n".join(p.read_text("utf-8") for p in [*TEMPLATES, *SOURCE.rglob("*.py")])
    used = set(re.findall(r"[a-z][\w-]*", said))
    assert {name for name in classes - used if not name.startswith(BUILT)} == set()
