"""Title, summary and what a profile must say: lengths, and fields that readers decide by."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kakehashi.quality.findings import Finding, Severity, Wording
from kakehashi.text.fold import fold
from kakehashi.text.sentences import weight

# Length in Latin characters; a Japanese one counts as three (text.sentences.weight).
TITLE = (20, 160)
SUMMARY_LEAST = 100
BODY_LEAST = 300
ENDS = re.compile(r"[.。]\s*$")
CAPITALS = re.compile(r"[A-ZÄÖÜ]")
SMALL = re.compile(r"[a-zäöüß]")
EMPTY_TITLES = {
    fold(t) for t in ("Angebot", "Gesuch", "Kooperation", "Partner gesucht", "offer", "request", "提携先募集")
}

# (field, kinds, profile types or () for all, severity): what must not be missing.
NEEDED: tuple[tuple[str, tuple[str, ...], Severity], ...] = (
    ("body", (), Severity.MAJOR),
    ("sought_partner", (), Severity.MAJOR),
    ("advantages", ("TO", "BO"), Severity.MAJOR),
    ("technical", ("TR", "RDR"), Severity.MINOR),
    ("stage", ("TO",), Severity.MAJOR),
    ("ipr", ("TO",), Severity.MINOR),
    ("partner_types", (), Severity.MINOR),
    ("differentiation", ("TO",), Severity.MINOR),
    ("keywords", (), Severity.MINOR),
)


def check(wording: Wording) -> Iterator[Finding]:
    """Length and form of one title, summary or body."""
    if wording.field == "title":
        yield from _title(wording)
    elif wording.field == "summary" and weight(wording.text) < SUMMARY_LEAST:
        yield _whole(wording, "summary-short", Severity.MAJOR)
    elif wording.field == "body" and weight(wording.text) < BODY_LEAST:
        yield _whole(wording, "body-short", Severity.MINOR)


def missing(body: Mapping[str, Any]) -> Iterator[Finding]:
    """Fields without which nobody can decide."""
    for field, types, severity in NEEDED:
        if (not types or body.get("een_type") in types) and not body.get(field):
            yield Finding("missing", severity, field)


def repeated(wordings: list[Wording]) -> Iterator[Finding]:
    """A summary that says no more than the title."""
    titles = {(w.lang, fold(w.text)) for w in wordings if w.field == "title"}
    for wording in wordings:
        if wording.field == "summary" and (wording.lang, fold(wording.text)) in titles:
            yield _whole(wording, "summary-repeats-title", Severity.MAJOR)


def _title(wording: Wording) -> Iterator[Finding]:
    text = wording.text
    least, most = TITLE
    if fold(text) in EMPTY_TITLES:
        yield _whole(wording, "title-says-nothing", Severity.MAJOR)
    elif weight(text) < least:
        yield _whole(wording, "title-short", Severity.MINOR)
    elif weight(text) > most:
        yield _whole(wording, "title-long", Severity.MINOR)
    if len(CAPITALS.findall(text)) >= 12 and not SMALL.search(text):
        yield _whole(wording, "title-capitals", Severity.MINOR)
    if match := ENDS.search(text):
        yield wording.finding("title-full-stop", Severity.MINOR, match.start(), match.start() + 1)


def _whole(wording: Wording, code: str, severity: Severity) -> Finding:
    return wording.finding(code, severity, 0, len(wording.text))
