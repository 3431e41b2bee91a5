"""The whole check of one offer or request: `check(body, today)`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kakehashi.quality import claims, confidential, consistency, content, tone
from kakehashi.quality.findings import KINDS, Finding, Severity, by_people, wordings

ASKED_ELSEWHERE = {"contact-email", "contact-phone"}  # records.lint
ORDER = {severity: place for place, severity in enumerate(Severity)}


def check(body: Mapping[str, Any], today: date) -> list[Finding]:
    """All findings, gravest first; empty for other kinds of record. Never raises, whatever `body` holds.

    Style is asked of what people wrote, confidentiality of every wording; `today` tells which patent
    applications must have been published by now.
    """
    if body.get("kind") not in KINDS:
        return []
    written = list(by_people(body))
    found = [*content.missing(body), *consistency.check(body), *content.repeated(written)]
    for wording in written:
        found += [*content.check(wording), *tone.check(wording), *claims.check(wording)]
    for wording in wordings(body):
        found += confidential.check(wording, today)
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def objections(body: Mapping[str, Any], now: datetime) -> dict[str, list[str]]:
    """The blockers, codes by field; not contact data, which may be meant: records ask about them."""
    found: dict[str, list[str]] = {}
    for finding in check(body, now.date()):
        if finding.severity is Severity.BLOCKER and finding.code not in ASKED_ELSEWHERE:
            found.setdefault(finding.field, []).append(finding.code)
    return found
