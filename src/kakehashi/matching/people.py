"""Which traces people leave here: what they decided about matches, passed on to whom, and look for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from kakehashi.accounts import ports
from kakehashi.matching.models import Decision, Passed, SavedSearch


def plug() -> None:
    """Called once, when the app is ready."""
    ports.plug_traces(ports.Traces("matches", _found, _forget))


def _found(addresses: Sequence[str]) -> list[dict[str, Any]]:
    decided = Decision.objects.filter(by__in=addresses).order_by("pk")
    passed = Passed.objects.filter(Q(by__in=addresses) | Q(to__email__in=addresses)).select_related("to")
    saved = SavedSearch.objects.filter(person__email__in=addresses).order_by("pk")
    return [
        *({"search": row.text, "filters": row.filters, "at": row.created_at.isoformat()} for row in saved),
        *({**_pair(row), "says": row.says, "reason": row.reason} for row in decided),
        *(
            {**_pair(row), "by": row.by, "to": row.to.email, "note": row.note}
            for row in passed.order_by("pk")
        ),
    ]


def _pair(row: Decision | Passed) -> dict[str, str]:
    return {"own": str(row.own), "other": f"{row.origin}/{row.other}", "at": row.at.isoformat()}


def _forget(addresses: Sequence[str], pseudonym: str) -> None:
    """What was decided stays; what was passed to somebody goes with the account, notes with their writer."""
    Decision.objects.filter(by__in=addresses).update(by=pseudonym)
    Passed.objects.filter(by__in=addresses).update(by=pseudonym, note="")
