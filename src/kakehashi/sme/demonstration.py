"""Invented figures of the two invented organisations: the demonstration shows what each law makes of them.

Real organisations get none. Both nodes enter the same, once their records have crossed.
"""

from datetime import date, datetime
from typing import Any

from kakehashi import this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.records import queries as records
from kakehashi.sme import actions, queries
from kakehashi.sme.figures import Evidence, Figure, What
from kakehashi.sme.group import Holding, Kind, Side

PLAYER = Viewer(role=Role.MANAGER, actor="demonstration")
INVENTED = "invented"
LABELS = {
    "de": "Erfundene Zahlen der Demonstration",
    "ja": "デモのために作った架空の数値",
    "en": "Invented figures of the demonstration",
}


def enter(*, now: datetime) -> int:
    """Enter the figures of those that have none yet; nothing on a node that people use."""
    if not this.node().demo:
        return 0
    done = 0
    for reading in records.organisations(PLAYER, now).filter(provenance=INVENTED):
        if queries.ever_entered(reading):
            continue
        japanese = str(reading.body.get("region", "")).startswith("JP-")
        figures, holder = (_mihon(now), None) if japanese else (_musterprotein(now), _holder(now))
        key: dict[str, Any] = {
            "viewer": PLAYER,
            "origin": reading.origin,
            "record": reading.record,
            "now": now,
        }
        actions.enter(**key, figures=figures)
        if holder is not None:
            row = actions.relate(**key, holding=holder)
            actions.enter(**key, figures=holder.figures, holding=row.pk)
        done += 1
    return done


def _mihon(now: datetime) -> list[Figure]:
    """Medium-sized in Europe; in Japan a research service with too much capital and too many employees."""
    amounts = {
        What.STAFF: ("240", ""),
        What.TURNOVER: ("20000000", "EUR"),
        What.BALANCE_SHEET: ("18000000", "EUR"),
        What.CAPITAL: ("900000000", "JPY"),
        What.EMPLOYEES: ("240", ""),
        What.SECTOR: ("7114", ""),
    }
    return _figures(amounts, now)


def _musterprotein(now: datetime) -> list[Figure]:
    """Small by itself; a partner with three tenths counts with three tenths of its own."""
    amounts = {
        What.STAFF: ("38", ""),
        What.TURNOVER: ("4200000", "EUR"),
        What.BALANCE_SHEET: ("6100000", "EUR"),
        What.EMPLOYEES: ("38", ""),
        What.SECTOR: ("7114", ""),
    }
    return _figures(amounts, now)


def _holder(now: datetime) -> Holding:
    accounts = {
        What.STAFF: ("400", ""),
        What.TURNOVER: ("60000000", "EUR"),
        What.BALANCE_SHEET: ("52000000", "EUR"),
    }
    return Holding(
        "Erfunden: Beispiel Beteiligungs-GmbH",
        Side.ABOVE,
        Kind.ENTERPRISE,
        _evidence(now),
        share="30",
        figures=tuple(_figures(accounts, now, company=False)),
    )


def _figures(amounts: dict[What, tuple[str, str]], now: datetime, *, company: bool = True) -> list[Figure]:
    closed, source = date(now.year - 1, 12, 31), _evidence(now)
    forms = {What.LEGAL_FORM: ("company", "")} if company else {}
    return [Figure(what, *amount, closed, source) for what, amount in {**amounts, **forms}.items()]


def _evidence(now: datetime) -> Evidence:
    return Evidence(LABELS[this.node().language], str(now.year - 1))
