"""The whole check of one offer or request: `check(body, today)`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kakehashi.quality import claims, confidential, consistency, content, tone
from kakehashi.quality.findings import KINDS, Finding, Severity, by_people, wordings

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
