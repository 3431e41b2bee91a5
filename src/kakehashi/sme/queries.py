"""Reads of SME status: who may see what, and the answers of both laws computed from the rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.sme import eu, japan
from kakehashi.sme.figures import Evidence, Figure, Rate, What
from kakehashi.sme.group import Holding, Kind, Side
from kakehashi.sme.models import FigureRow, HoldingRow, RateRow, Stated
from kakehashi.sme.results import Answer, Missing, Result

Key: TypeAlias = tuple[str, UUID]


@dataclass(frozen=True)
class Status:
    """What both laws say of one organisation."""

    eu: Result
    jp: Result


def organisation(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Reading:
    """The organisation's reading; NotFound if it is none that `viewer` may see."""
    reading = records.get(viewer, origin, record, now)
    if reading.kind != "organisation":
        raise NotFound(f"{origin}/{record}")
    return reading


def may_edit(viewer: Viewer, reading: Reading) -> bool:
    """Members enter figures of their own organisation, the cluster's team those of everyone, sourced."""
    return viewer.may_edit(reading.owner) if reading.own else viewer.is_staff


def editable(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Reading:
    """The organisation whose figures `viewer` may enter; NotFound or NotAllowed otherwise."""
    reading = organisation(viewer, origin, record, now)
    if not may_edit(viewer, reading):
        raise NotAllowed("sme")
    return reading


def status(viewer: Viewer, reading: Reading, now: datetime) -> Status:
    """Both answers for one organisation, as far as `viewer` may see what they rest on."""
    return statuses(viewer, [reading], now)[(reading.origin, reading.record)]


def statuses(viewer: Viewer, readings: Iterable[Reading], now: datetime) -> dict[Key, Status]:
    """Both answers for many organisations that `viewer` has been shown, in three queries."""
    found = {(reading.origin, reading.record): reading for reading in readings}
    figures, holdings, rates = _inputs(found)
    today = now.date()

    def judged(figures: Sequence[Figure], holdings: Sequence[Holding]) -> Status:
        return Status(eu.assess(figures, holdings, rates, today), japan.assess(figures, rates, today))

    unknown = judged([], [])  # most organisations: nothing was entered of them
    shown = {True: unknown, False: _hidden(unknown)}
    answers = {}
    for key, reading in found.items():
        full = may_edit(viewer, reading)
        if figures[key] or holdings[key]:
            both = judged(figures[key], holdings[key])
            answers[key] = both if full else _hidden(both)
        else:
            answers[key] = shown[full]
    return answers


def small_and_mid_sized(viewer: Viewer, organisations: Iterable[UUID], now: datetime) -> list[Reading]:
    """The companies among these that are SMEs under the law of their own region, whatever the other says."""
    figures = FigureRow.objects.filter(record__in=list(organisations), retired_at__isnull=True)
    known = set(figures.values_list("record", flat=True))
    companies = records.companies(viewer, now, known) if known else []
    answers = statuses(viewer, companies, now) if companies else {}
    return [
        each for each in companies if _own_law(answers[each.origin, each.record], each).answer is Answer.YES
    ]


def _own_law(both: Status, reading: Reading) -> Result:
    return both.jp if reading.body["region"].startswith("JP-") else both.eu


def rates_editable(viewer: Viewer) -> None:
    """Rates serve all organisations: NotAllowed for all but the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("sme.quote")


def figures_on_file(reading: Reading) -> bool:
    """True if anything is known of a reading's organisation, shown or not."""
    return FigureRow.objects.filter(
        origin=reading.origin, record=reading.record, retired_at__isnull=True
    ).exists()


def ever_entered(reading: Reading) -> bool:
    """True if somebody has entered figures of a reading's organisation, taken out since or not."""
    return FigureRow.objects.filter(origin=reading.origin, record=reading.record).exists()


def figure_rows(viewer: Viewer, reading: Reading) -> list[FigureRow]:
    """The figures that stand, newest period first; those that are not open only for who may edit."""
    rows = FigureRow.objects.filter(origin=reading.origin, record=reading.record, retired_at__isnull=True)
    rows = rows.filter(holding__isnull=True) | rows.filter(holding__retired_at__isnull=True)
    if not may_edit(viewer, reading):
        rows = rows.filter(open=True).exclude(holding__open=False)
    return list(rows.select_related("holding").order_by("holding_id", "-period", "pk"))


def holding_rows(viewer: Viewer, reading: Reading) -> list[HoldingRow]:
    """The relations that stand."""
    rows = HoldingRow.objects.filter(origin=reading.origin, record=reading.record, retired_at__isnull=True)
    return list((rows if may_edit(viewer, reading) else rows.filter(open=True)).order_by("pk"))


def rate_rows(viewer: Viewer) -> list[RateRow]:
    """The exchange rates that stand, newest first; they are public facts."""
    return list(RateRow.objects.filter(retired_at__isnull=True).order_by("-date", "pk"))


def _inputs(
    keys: Iterable[Key],
) -> tuple[dict[Key, list[Figure]], dict[Key, list[Holding]], list[Rate]]:
    records_wanted = {record for _origin, record in keys}
    own: dict[Key, list[Figure]] = defaultdict(list)
    related: dict[int, list[Figure]] = defaultdict(list)
    for row in FigureRow.objects.filter(record__in=records_wanted, retired_at__isnull=True).order_by("pk"):
        if row.holding_id is None:
            own[row.origin, row.record].append(_figure(row))
        else:
            related[row.holding_id].append(_figure(row))
    holdings: dict[Key, list[Holding]] = defaultdict(list)
    for holding in HoldingRow.objects.filter(record__in=records_wanted, retired_at__isnull=True).order_by(
        "pk"
    ):
        holdings[holding.origin, holding.record].append(_holding(holding, related[holding.pk]))
    rates = [_rate(row) for row in RateRow.objects.filter(retired_at__isnull=True).order_by("pk")]
    return own, holdings, rates


def _evidence(row: Stated) -> Evidence:
    return Evidence(row.title, row.dated, row.url)


def _figure(row: FigureRow) -> Figure:
    return Figure(What(row.what), row.value, row.unit, row.period, _evidence(row), row.open)


def _holding(row: HoldingRow, figures: list[Figure]) -> Holding:
    return Holding(
        row.name,
        Side(row.side),
        Kind(row.kind),
        _evidence(row),
        share=row.share or None,
        controls=row.controls,
        together=row.together,
        invested=row.invested or None,
        since=row.since,
        until=row.until,
        figures=tuple(figures),
        open=row.open,
    )


def _rate(row: RateRow) -> Rate:
    return Rate(row.base, row.quote, row.value, row.date, _evidence(row))


def _hidden(both: Status) -> Status:
    return Status(_guarded(both.eu), _guarded(both.jp))


def _guarded(result: Result) -> Result:
    """The same answer without any amount that is not open, and without names of the group."""
    missing = {Missing(gap.what, "", gap.period, gap.gap): None for gap in result.missing}
    lines = tuple(line if line.open else line.hide() for line in result.lines)
    return replace(result, lines=lines, missing=tuple(missing))
