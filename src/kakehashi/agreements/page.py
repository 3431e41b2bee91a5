"""What the page of one agreement shows, put together from its document and what happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kakehashi.agreements.coverage import Coverage, Row, coverage, grant_table
from kakehashi.agreements.document import Document
from kakehashi.agreements.terms import Standing, State, TimeLine, days_left, time_line
from kakehashi.signing.commit import stamp

OWN_LANGUAGES = {"DE": "de", "AT": "de", "CH": "de", "JP": "ja"}


@dataclass(frozen=True)
class Party:
    """One party as the page names it. `own_name`: in the language of its country, where that is another."""

    node: str
    side: str
    name: dict[str, str]
    place: dict[str, str]
    region_name: dict[str, str]
    regions: list[str]
    root: list[str]
    others: list[dict[str, str]]
    here: bool


@dataclass(frozen=True)
class Topics:
    """What one side grants in topics; ["*"] for all."""

    side: str
    place: dict[str, str]
    topics: list[str]


@dataclass(frozen=True)
class Page:
    """All that the page of one agreement needs."""

    standing: Standing
    document: Document
    parties: list[Party]
    clauses: list[Coverage]
    rows: list[Row]
    topics: list[Topics]
    personal: list[dict[str, str]]
    accompanying: int
    line: TimeLine
    days_left: int
    last_notice: datetime
    other_titles: list[tuple[str, str]]

    @property
    def in_force(self) -> bool:
        return self.standing["state"] == State.ACTIVE


def page(
    agreement: Standing,
    versions: Iterable[Standing],
    crossed: Iterable[Mapping[str, Any]],
    *,
    own: str,
    language: str,
    now: datetime,
) -> Page:
    """`versions`: all of the lineage; `crossed`: rows of `agreements.queries.evidence`; `own`: this node."""
    document, rows = agreement["document"], list(crossed)
    history = [(past["from"], past.get("until")) for past in document.get("history", [])]
    terms = [(f"{v['starts']:%Y-%m-%d}", f"{v['ends']:%Y-%m-%d}") for v in versions if _counts(v, agreement)]
    parties = [_party(each, agreement, own) for each in document["parties"]]
    notice = timedelta(days=document["term"]["notice_days"])
    return Page(
        standing=agreement,
        document=document,
        parties=parties,
        clauses=coverage(agreement, rows, now),
        rows=grant_table(agreement),
        topics=[_topics(party, agreement) for party in parties],
        personal=document["personal_data"]["basis"],
        accompanying=sum(row["count"] for row in rows if not row["clause"]),
        line=time_line([*history, *terms], now),
        days_left=days_left(agreement["ends"], now),
        last_notice=agreement["ends"] - notice,
        other_titles=_other_titles(document, language),
    )


def _counts(version: Standing, shown: Standing) -> bool:
    return version["hash"] == shown["hash"] or version["state"] in (State.ACTIVE, State.ENDED)


def _party(party: Document, agreement: Standing, own: str) -> Party:
    granted = [grant for grant in agreement["grants"] if grant["from"] == party["node"]]
    regions = dict.fromkeys(region for grant in granted for region in grant["regions"])
    receivers = dict.fromkeys(node for grant in granted for node in grant["to"])
    return Party(
        node=party["node"],
        side=party["side"],
        name=party["name"],
        place=party["place"],
        region_name=party["region_name"],
        regions=list(regions),
        root=party["root"],
        others=[each["place"] for each in agreement["parties"] if each["node"] in receivers],
        here=party["node"] == own,
    )


def _topics(party: Party, agreement: Standing) -> Topics:
    granted = [grant["topics"] for grant in agreement["grants"] if grant["from"] == party.node]
    topics = ["*"] if ["*"] in granted else list(dict.fromkeys(topic for each in granted for topic in each))
    return Topics(party.side, party.place, topics)


def _other_titles(document: Document, language: str) -> list[tuple[str, str]]:
    """The title in the languages of the parties' countries, without the reader's own."""
    wanted = dict.fromkeys(OWN_LANGUAGES.get(party["country"], "en") for party in document["parties"])
    return [
        (lang, document["title"][lang]) for lang in wanted if lang != language and lang in document["title"]
    ]


def file_name(agreement: Standing, now: datetime) -> str:
    """A name for the downloaded document."""
    return f"agreement-{agreement['hash'][7:19]}-{stamp(now)[:10]}.json"
