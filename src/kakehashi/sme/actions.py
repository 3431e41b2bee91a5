"""Changes to what is known of an enterprise; each says who entered what from which source."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, NotFound
from kakehashi.records.erasure import Scope
from kakehashi.records.ports import Erasure
from kakehashi.sme import inputs, queries
from kakehashi.sme.figures import Evidence, Figure, Rate
from kakehashi.sme.group import Holding
from kakehashi.sme.models import FigureRow, HoldingRow, RateRow, Stated


@transaction.atomic
def enter(
    *,
    viewer: Viewer,
    origin: str,
    record: UUID,
    figures: Sequence[Figure],
    now: datetime,
    holding: int | None = None,
) -> list[FigureRow]:
    """Add figures of an organisation, or of the enterprise in `holding`; a later one of a day replaces.

    InvalidInput has problems by `What`, those of source and period by their own names.
    """
    queries.editable(viewer, origin, record, now)
    theirs = HoldingRow.objects.filter(origin=origin, record=record)
    owner = _standing(theirs, holding) if holding is not None else None
    wrong: inputs.Problems = {} if figures else {"": ["required"]}
    for figure in figures:
        problems = inputs.figure_problems(figure, now.date())
        wrong |= {str(figure.what) if name == "value" else name: codes for name, codes in problems.items()}
    if wrong:
        raise InvalidInput(wrong)
    rows = [
        FigureRow.objects.create(
            origin=origin,
            record=record,
            holding=owner,
            what=figure.what,
            value=figure.value,
            unit=figure.unit,
            period=figure.period,
            **_said(figure.evidence, figure.open, viewer, now),
        )
        for figure in figures
    ]
    what = [str(figure.what) for figure in figures]
    note(at=now, actor=viewer.actor, action="sme.enter", object=f"{origin}/{record}", figures=what)
    return rows


@transaction.atomic
def relate(*, viewer: Viewer, origin: str, record: UUID, holding: Holding, now: datetime) -> HoldingRow:
    """Add a relation to another enterprise."""
    queries.editable(viewer, origin, record, now)
    if wrong := inputs.holding_problems(holding, now.date()):
        raise InvalidInput(wrong)
    row = HoldingRow.objects.create(
        origin=origin,
        record=record,
        name=holding.name,
        side=holding.side,
        kind=holding.kind,
        share=holding.share or "",
        controls=holding.controls,
        together=holding.together,
        invested=holding.invested or "",
        since=holding.since,
        until=holding.until,
        **_said(holding.evidence, holding.open, viewer, now),
    )
    note(at=now, actor=viewer.actor, action="sme.relate", object=f"{origin}/{record}", name=holding.name)
    return row


@transaction.atomic
def quote(*, viewer: Viewer, rate: Rate, now: datetime) -> RateRow:
    """Add an exchange rate; it serves all organisations, so the cluster's team enters it."""
    queries.rates_editable(viewer)
    if wrong := inputs.rate_problems(rate, now.date()):
        raise InvalidInput(wrong)
    row = RateRow.objects.create(
        base=rate.base,
        quote=rate.quote,
        value=rate.value,
        date=rate.date,
        **_said(rate.evidence, True, viewer, now),
    )
    note(at=now, actor=viewer.actor, action="sme.quote", object=f"{rate.base}/{rate.quote}", value=rate.value)
    return row


@transaction.atomic
def retire(*, viewer: Viewer, origin: str, record: UUID, what: str, row: int, now: datetime) -> None:
    """Take a wrong "figure", "rate", or "holding" with its figures out of the calculation."""
    if what == "rate":
        queries.rates_editable(viewer)
        found: Stated = _standing(RateRow.objects.all(), row)
    else:
        queries.editable(viewer, origin, record, now)
        table: Any = {"figure": FigureRow, "holding": HoldingRow}.get(what)
        if table is None:
            raise NotFound(what)
        found = _standing(table.objects.filter(origin=origin, record=record), row)
    found.retired_at, found.retired_by = now, viewer.actor
    found.save()
    note(at=now, actor=viewer.actor, action="sme.retire", object=f"{origin}/{record}", what=what, row=row)


def forget(erasure: Erasure, now: datetime) -> None:
    """Plugged into records.ports: with an organisation that is erased whole go its figures and holdings."""
    if erasure.scope == Scope.ALL:
        theirs = {"origin": this.node().name, "record": erasure.record.pk}
        FigureRow.objects.filter(**theirs).delete()
        HoldingRow.objects.filter(**theirs).delete()


def _standing(rows: QuerySet[Any], key: int) -> Any:
    row = rows.filter(pk=key, retired_at__isnull=True).first()
    if row is None:
        raise NotFound(str(key))
    return row


def _said(evidence: Evidence, is_open: bool, viewer: Viewer, now: datetime) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "url": evidence.url,
        "dated": evidence.date,
        "open": is_open,
        "at": now,
        "by": viewer.actor,
    }
