"""The mission of the demonstration: an invented partnering day in Osaka, taken step by step by both nodes.

Each step waits for what the other node has said, so the worker looks whenever something was committed.
"""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.missions import actions, bodies, queries
from kakehashi.missions.bodies import Place
from kakehashi.missions.forms import reference, wish_row
from kakehashi.missions.queries import Mission
from kakehashi.missions.times import Span
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.records.topics import TOPICS
from kakehashi.translation.texts import original, reviewed

HOST = "osaka"
AHEAD = timedelta(days=90)
WEDNESDAY = 2
COMPANIES = 8
WISHES = 3
LANGUAGES = {"munich": ["de", "en"], "osaka": ["ja"]}
TITLE = {
    "ja": "パートナリングデー大阪（デモ用の架空の催し）",
    "de": "Partnertag Osaka (für die Demonstration erfunden)",
    "en": "Partnering Day Osaka (invented for the demonstration)",
}
SUMMARY = {
    "ja": "バイエルンと関西の機関が1対1で面談する一日です。参加も希望も架空のものです。",
    "de": "Ein Tag mit Einzelgesprächen zwischen Bayern und Kansai. Teilnahmen und Wünsche sind erfunden.",
    "en": "A day of one-to-ones between Bavaria and Kansai. Who takes part and what they wish is invented.",
}
WHY = {"ja": "共通の分野：{}", "de": "Gemeinsames Thema: {}", "en": "Topic in common: {}"}


def take_step(*, now: datetime) -> int:
    """Do what comes next on this node, if anything does; how many records it said."""
    known = queries.missions(WORKER, now)
    if not known:
        return _announce(now) if this.node().side == HOST else 0
    mission = queries.mission(WORKER, known[0].key[0], UUID(known[0].key[1]), now)
    own = [one for one in mission.participants if one.company[0] == this.node().name]
    if not own:
        return _enter(mission, now)
    wanting = [one for one in own if not one.wishes and mission.others(one)]
    if wanting and len(mission.others(wanting[0])) >= WISHES:
        return sum(_wish(mission, one.company[1], now) for one in wanting)
    if mission.is_host and mission.planned is None and all(one.wishes for one in mission.participants):
        return _ask(mission, now)
    return 0


def _announce(now: datetime) -> int:
    agreements, hosts = queries.choices(WORKER, now), _companies(now)
    if not agreements or len(hosts) < COMPANIES:
        return 0
    zone = ZoneInfo("Asia/Tokyo")
    date = (now + AHEAD).astimezone(zone).date()
    date += timedelta(days=(WEDNESDAY - date.weekday()) % 7)

    def at(begin: str, end: str) -> dict[str, str]:
        moments = (datetime.combine(date, time.fromisoformat(each), zone) for each in (begin, end))
        return bodies.row(Span(*moments))

    cluster = next((row for row in _own(now) if row.body["type"] == "cluster"), hosts[0])
    facts: dict[str, Any] = {
        "lang": "ja",
        "title": _texts(TITLE),
        "summary": _texts(SUMMARY),
        "organisation": reference(cluster),
        "date": date.isoformat(),
        "zone": zone.key,
        "city": "Osaka 大阪",
        "minutes": 25,
        "pause": 5,
        "days": [at("09:30", "16:30")],
        "breaks": [
            {**at("12:00", "13:00"), "name": "昼食 Lunch"},
            {**at("14:30", "15:00"), "name": "コーヒー Coffee"},
        ],
        "tables": [{"name": letter} for letter in "ABCD"],
        "interpreters": [
            bodies.place_row(Place(name, ("ja", language)))
            for name, language in (("JA/DE 1", "de"), ("JA/DE 2", "de"), ("JA/EN 1", "en"))
        ],
    }
    actions.announce(viewer=WORKER, facts=facts, lineage=agreements[0]["lineage"], now=now)
    return 1


def _enter(mission: Mission, now: datetime) -> int:
    node = this.node()
    chosen = _companies(now)
    for row in chosen:
        facts = {"lang": node.language, "languages": LANGUAGES.get(node.side, ["en"])}
        actions.take_part(viewer=WORKER, mission=mission, organisation=reference(row), facts=facts, now=now)
    return len(chosen)


def _wish(mission: Mission, company: str, now: datetime) -> int:
    """The other side's companies with most topics in common, the first two of them more than the third."""
    lang = this.node().language
    every = queries.names(WORKER, mission, now)
    one = mission.by_company[this.node().name, company]
    mine = set(every[one.company].body.get("topics", [])) if one.company in every else set()
    ranked = sorted(
        (-len(common), other.company, sorted(common), other)
        for other in mission.others(one)
        if (
            common := mine
            & set(every[other.company].body.get("topics", []) if other.company in every else ())
        )
    )
    rows = [
        wish_row(other, 3 - place, {lang: original(WHY[lang].format(TOPICS[common[0]][lang]))})
        for place, (_count, _company, common, other) in enumerate(ranked[:WISHES])
    ] or [wish_row(mission.others(one)[0], 1, {})]
    actions.write(viewer=WORKER, mission=mission, one=one, now=now, wishes=rows)
    return 1


def _ask(mission: Mission, now: datetime) -> int:
    if queries.computation(WORKER, mission) is not None:
        return 0
    actions.ask(viewer=WORKER, mission=mission, now=now)
    return 1


def _companies(now: datetime) -> list[Reading]:
    """The first own companies by id that offer or look for something, the invented one before them."""
    kinds = ("offer", "request")
    owners = set(
        records.published(WORKER, now).filter(own=True, kind__in=kinds).values_list("owner", flat=True)
    )
    found = [row for row in _own(now) if row.record in owners and row.body.get("topics")]
    order = {
        row.pk: (row.provenance != "invented", row.body["type"] != "company", row.record) for row in found
    }
    return sorted(found, key=lambda row: order[row.pk])[:COMPANIES]


def _own(now: datetime) -> list[Reading]:
    return list(records.organisations(WORKER, now).filter(own=True))


def _texts(wordings: dict[str, str]) -> dict[str, dict[str, str]]:
    """Japanese is the original, the others are checked translations."""
    made = {"ja": original(wordings["ja"])}
    return made | {
        lang: reviewed(wordings[lang], of=wordings["ja"], by=this.node().title[lang]) for lang in ("de", "en")
    }
