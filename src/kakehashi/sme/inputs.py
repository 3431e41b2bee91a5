"""Checks figures, holdings and rates before they are kept; problems are codes by the name of the member."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from kakehashi.records.schema import CURRENCY, DATE, HOSTILE
from kakehashi.sme.figures import COUNTS, MONEY, Evidence, Figure, Rate, What
from kakehashi.sme.group import EXEMPT, Holding, Kind, Side
from kakehashi.sme.japan import Form
from kakehashi.sme.jsic import sector_of

Problems = dict[str, list[str]]
AMOUNT = re.compile(r"\d{1,16}(\.\d{1,4})?")
EARLIEST = date(1990, 1, 1)
AHEAD = timedelta(days=366)  # an estimate for the running period, Art. 4(3) of the Annex to 2003/361/EC


def figure_problems(figure: Figure, today: date) -> Problems:
    """What is wrong with one figure; empty if nothing is."""
    value = []
    if figure.what in (*COUNTS, *MONEY):
        value = [] if AMOUNT.fullmatch(figure.value) else ["amount"]
    elif figure.what is What.SECTOR:
        value = [] if sector_of(figure.value) else ["sector"]
    elif figure.value not in set(Form):
        value = ["choice-unknown"]
    unit = []
    if figure.what in MONEY:
        unit = [] if CURRENCY.fullmatch(figure.unit) else ["currency"]
    elif figure.unit:
        unit = ["currency"]
    ahead = AHEAD if figure.what in (What.STAFF, What.TURNOVER, What.BALANCE_SHEET) else timedelta(0)
    period = _day(figure.period, today + ahead)
    return _only({"value": value, "unit": unit, "period": period}) | evidence_problems(figure.evidence)


def holding_problems(holding: Holding, today: date) -> Problems:
    """What is wrong with one relation."""
    found: Mapping[str, list[str]] = {
        "name": _text(holding.name, 300),
        "together": _text(holding.together, 100) if holding.together else [],
        "share": _share(holding),
        "invested": [] if holding.invested is None or AMOUNT.fullmatch(holding.invested) else ["amount"],
        "kind": ["kind-above"] if holding.kind in _HOLDERS and holding.side is not Side.ABOVE else [],
        "since": _day(holding.since, today) if holding.since else [],
        "until": ["order"] if holding.since and holding.until and holding.until <= holding.since else [],
    }
    return _only(found) | evidence_problems(holding.evidence)


def rate_problems(rate: Rate, today: date) -> Problems:
    """What is wrong with one rate."""
    worth = AMOUNT_OF_RATE.fullmatch(rate.value)
    found: Mapping[str, list[str]] = {
        "base": [] if CURRENCY.fullmatch(rate.base) else ["currency"],
        "quote": ["currency"] if not CURRENCY.fullmatch(rate.quote) or rate.quote == rate.base else [],
        "value": [] if worth and Fraction(rate.value) > 0 else ["amount"],
        "date": _day(rate.date, today),
    }
    return _only(found) | evidence_problems(rate.evidence)


def evidence_problems(evidence: Evidence) -> Problems:
    """What is wrong with a source."""
    url = evidence.url
    address = ["url"] if url and (not URL.fullmatch(url) or HOSTILE.search(url)) else []
    dated = [] if DATE.fullmatch(evidence.date) else ["date"]
    return _only({"title": _text(evidence.title, 300), "url": address, "dated": dated})


AMOUNT_OF_RATE = re.compile(r"\d{1,9}(\.\d{1,10})?")
URL = re.compile(r"https?://[^\s/]{1,253}(/\S{0,1700})?")
_HOLDERS = {*EXEMPT, Kind.PUBLIC_BODY, Kind.PERSON}


def _share(holding: Holding) -> list[str]:
    if holding.share is None:
        return []
    if not AMOUNT.fullmatch(holding.share):
        return ["amount"]
    return [] if Fraction(holding.share) <= 100 else ["share"]


def _text(text: str, limit: int) -> list[str]:
    if not text.strip():
        return ["required"]
    if HOSTILE.search(text):
        return ["hostile-characters"]
    return ["too-long"] if len(text) > limit else []


def _day(day: date, latest: date) -> list[str]:
    return [] if EARLIEST <= day <= latest else ["day"]


def _only(found: Mapping[str, list[str]]) -> Problems:
    return {name: codes for name, codes in found.items() if codes}
