"""The search page: both sides, three languages, filters; answers while somebody types."""

from dataclasses import dataclass, fields
from operator import itemgetter

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from kakehashi.accounts.request import Request
from kakehashi.matching import queries
from kakehashi.matching.queries.glossary import held
from kakehashi.matching.query import Query
from kakehashi.matching.snippet import Piece, cut, found
from kakehashi.records import labels, naming
from kakehashi.records.kinds import KINDS, REGION_CODES, TOPIC_CODES
from kakehashi.records.models import Reading
from kakehashi.records.regions import REGIONS
from kakehashi.records.topics import TOPICS
from kakehashi.translation.texts import LANGUAGES, pick
from kakehashi.ui.languages import reader_language

PER_PAGE = 20
MOST_PAGES = 50
LANGUAGE_NAMES = {"de": "Deutsch", "ja": "日本語", "en": "English"}


@dataclass(frozen=True)
class Answer:
    """One line of the answers: the record, and the stretch of its summary that answers, with its language."""

    reading: Reading
    side: naming.Side
    lang: str
    pieces: list[Piece]


def search(request: Request) -> HttpResponse:
    """`?q=` and filters by code: kind, side, topic, region, lang, organisation, clause; `?page=`."""
    text = request.GET.get("q", "")
    filters = queries.Filters(
        **{field.name: request.GET.get(field.name, "")[:60] for field in fields(queries.Filters)}
    )
    lang = reader_language()
    number = _page_number(request.GET.get("page", ""))
    answers = queries.search(
        request.viewer,
        text,
        filters,
        request.now,
        reader_lang=lang,
        offset=(number - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    sides = naming.sides()
    shown = [_answer(hit.reading, answers.query, lang, sides) for hit in answers.hits]
    limits = [(name, value) for name, value in vars(filters).items() if value]
    context = {
        "q": text,
        "limits": limits,
        "may_save": request.viewer.signed_in and bool(text.strip() or limits),
        "answers": shown,
        "total": answers.total,
        "names": _also(answers.query, lang),
        "page": Paginator(range(answers.total), PER_PAGE).get_page(number),
        "organisation": _organisation(request, filters),
        "filters": filters,
        "choices": _choices(lang, sides),
    }
    partly = request.htmx and request.htmx.target == "answers"
    return render(request, "matching/_answers.html" if partly else "matching/search.html", context)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isdecimal() and len(text) < 6 else 1


def _answer(reading: Reading, query: Query, lang: str, sides: dict[str, naming.Side]) -> Answer:
    """The summary in the reader's language; the original's instead where only that holds what was typed."""
    summary = reading.body.get("summary")
    side = sides.get(reading.side) or naming.unknown(reading.side)
    for choice in (lang, reading.lang):
        text = pick(summary, choice)
        spans = found(text.text, query, held()) if text else []
        if text and spans:
            return Answer(reading, side, text.bcp47, cut(text.text, spans))
    text = pick(summary, lang)
    return Answer(reading, side, text.bcp47 if text else lang, cut(text.text, []) if text else [])


def _also(query: Query, lang: str) -> list[tuple[str, str]]:
    """What was looked for beside the words typed: the concepts' names in the other languages."""
    return [(code, name) for code, name in query.names.items() if name and code != query.lang]


def _organisation(request: Request, filters: queries.Filters) -> Reading | None:
    """The organisation that the answers are limited to, if the viewer may see it."""
    if not filters.organisation:
        return None
    only = queries.Filters(kind="organisation", organisation=filters.organisation)
    hits = queries.search(request.viewer, "", only, request.now, limit=1).hits
    return hits[0].reading if hits else None


def _choices(lang: str, sides: dict[str, naming.Side]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, codes with names in the reader's language."""
    return {
        "kind": [(kind, str(labels.KINDS[kind])) for kind in KINDS],
        "side": [(side.key, side.called(lang)) for side in sides.values()],
        "topic": sorted(((code, TOPICS[code][lang]) for code in TOPIC_CODES), key=itemgetter(1)),
        "region": [(code, REGIONS[code][lang]) for code in REGION_CODES],
        "lang": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
    }
