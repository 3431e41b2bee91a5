"""Pages of matches: all that the viewer may see, one with its reasons, and what fits one record."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from kakehashi.accounts.request import Request
from kakehashi.errors import NotFound
from kakehashi.matching import actions, queries, reasons, sentences
from kakehashi.matching.desk import LISTS, OPEN, PASSED, desk_of
from kakehashi.matching.models import Alignment, Match
from kakehashi.matching.queries.glossary import glossary, held
from kakehashi.matching.templatetags.matching import Ends, ends
from kakehashi.records import labels, naming
from kakehashi.records import queries as records
from kakehashi.records.kinds import TOPIC_CODES
from kakehashi.records.models import Reading
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language
from kakehashi.ui.words import listed

PER_PAGE = 20
OF_RECORD = 3
RELATED = 6
MORE = 12  # of each on a page of their own
KINDS = ("offer", "request", "academic", "practice")  # those that matches are made of


@dataclass(frozen=True)
class Original:
    """One side's own wording as shown: its language, and blocks of pieces."""

    reading: Reading
    blocks: list[tuple[str, list[reasons.Piece]]]


def matches(request: Request) -> HttpResponse:
    """`?mine=1`, `?kind=`, `?topic=`, `?page=`; members see those of their own organisation first."""
    glossary()  # as of now: the page names concepts by it
    viewer, lang = request.viewer, reader_language()
    has_own = viewer.is_member and viewer.organisation is not None
    mine = has_own and request.GET.get("mine", "1") == "1"
    chosen_list = _list(request)
    mine = mine and chosen_list != PASSED
    kind, topic = request.GET.get("kind", "")[:20], request.GET.get("topic", "")[:60]
    chosen = queries.Chosen(mine, kind, topic, chosen_list)
    rows = queries.matches(viewer, request.now, chosen).defer(*queries.UNSHOWN)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "has_own": has_own,
        "lists": sentences.LISTS.items() if chosen_list else [],
        "sides": naming.sides(),
        "decisions": queries.decided(viewer, page.object_list),
        "passed": queries.passed_on(viewer, page.object_list),
        "work": queries.progress(),
        "kinds": [(kind, labels.KINDS[kind]) for kind in KINDS],
        "topics": sorted(((code, TOPICS[code][lang]) for code in TOPIC_CODES), key=lambda pair: pair[1]),
    }
    partly = request.htmx and request.htmx.target == "matches"
    return render(request, "matching/_matches.html" if partly else "matching/matches.html", context)


def _list(request: Request) -> str:
    """Which of desk.LISTS is asked for; empty for whoever has no desk."""
    if desk_of(request.viewer) is None:
        return ""
    asked = request.GET.get("list", "")
    return asked if asked in LISTS else OPEN


def match(request: Request, key: int) -> HttpResponse:
    """One match; with `?phrases=1`, or if they are kept already, the aligned phrases too."""
    found = queries.match(request.viewer, key, request.now)
    if request.GET.get("phrases"):
        alignment: Alignment | None = actions.align_match(match=found, now=request.now)
    else:
        alignment = queries.kept_alignment(found)
    both = ends(found, naming.sides())
    rows, total = reasons.rows(found.components, found.conditions)
    place, of = queries.rank_of(request.viewer, found, request.now)
    context = {
        "match": found,
        "ends": both,
        "rows": [(sentences.component(row.name, row.because), row.hundredths) for row in rows],
        "total": total,
        "conditions": _conditions(found),
        "place": place,
        "of": of,
        **_desk(request, found),
        **(_phrases(found, alignment, both) if alignment else {}),
    }
    return render(request, "matching/match.html", context)


def _desk(request: Request, found: Match) -> dict[str, Any]:
    """What was decided about a match, who wrote about it, and what can be done; nothing without a desk."""
    viewer = request.viewer
    if desk_of(viewer) is None:
        return {}
    return {
        "has_desk": True,
        "decision": queries.decided(viewer, [found]).get(found.pk),
        "notes": queries.passed_on(viewer, [found]).get(found.pk, []),
        "reasons": labels.REASONS.items(),
        "colleagues": queries.recipients(viewer, found, request.now),
    }


def phrases(request: Request, key: int) -> HttpResponse:
    """The originals with their aligned phrases alone, computed if nobody has seen this match yet."""
    found = queries.match(request.viewer, key, request.now)
    alignment = actions.align_match(match=found, now=request.now)
    return render(request, "matching/_phrases.html", _phrases(found, alignment, ends(found, naming.sides())))


def for_record(request: Request, origin: str, record: UUID) -> HttpResponse:
    """What fits one record best, and what else speaks of the same: a fragment, or a page of its own."""
    try:
        reading = records.get(request.viewer, origin, record, request.now)
    except NotFound:
        if request.htmx:  # taken back since the page was opened: the page has nothing to add, and no error
            return HttpResponse(status=204)
        raise
    glossary()  # as of now: the fragment names concepts by it
    best, near = (OF_RECORD, RELATED) if request.htmx else (MORE, MORE)
    context = {
        "reading": reading,
        "pairs": queries.matches_of(request.viewer, reading, best, request.now),
        "related": queries.related(request.viewer, reading, near, request.now),
        "hidden": _hidden(request, reading),
        "whole": not request.htmx,
        "work": queries.progress(),
        "sides": naming.sides(),
    }
    return render(
        request, "matching/_for_record.html" if request.htmx else "matching/for_record.html", context
    )


def _hidden(request: Request, reading: Reading) -> list[tuple[str, int, str]]:
    """(where, at least so many, whom to ask) of records that partners do not show."""
    lang = reader_language()
    return [
        (naming.side(each.side).called(lang), each.at_least, each.contact)
        for each in queries.hidden(request.viewer, reading, request.now)
    ]


def _phrases(found: Match, alignment: Alignment, both: Ends) -> dict[str, Any]:
    lang, content, langs = reader_language(), alignment.content, (both.left.lang, both.right.lang)
    counted: list[str] = next((row["because"] for row in found.components if row["name"] == "concepts"), [])
    left, right = ("other", "one") if both.turned else ("one", "other")
    linked = reasons.links(content, counted, langs, glossary(), turned=both.turned)
    named = {link.concept for link in linked}
    known = held().concepts
    return {
        "phrases": True,
        "ends": both,
        "originals": [_original(both.left, content[left]), _original(both.right, content[right])],
        "links": [
            (link, sentences.decimal(link.closeness), _meaning(link.concept, langs)) for link in linked
        ],
        "further": listed([known[c].names[lang] for c in counted if c in known and c not in named]),
    }


def _original(reading: Reading, content: list[dict[str, Any]]) -> Original:
    return Original(reading, [(block["field"], reasons.pieces(block)) for block in content])


def _meaning(concept: str, langs: tuple[str, str]) -> tuple[str, str]:
    """The concept's name for a reader of neither language: (language, name)."""
    lang = reader_language()
    if not concept or lang in langs:
        return "", ""
    return lang, held().concepts[concept].names[lang]


def _conditions(found: Match) -> list[tuple[str, str, str, str]]:
    """(mark, its name, what is judged, the sentence), the unjudged ones together at the end."""
    own, other = (naming.side(reading.side).called(reader_language()) for reading in (found.own, found.other))
    said = [
        (
            sentences.MARKS[condition["mark"]],
            str(sentences.MARK_NAMES[condition["mark"]]),
            str(sentences.CONDITIONS[condition["name"]]),
            sentences.condition(condition, own, other),
        )
        for condition in found.conditions
        if condition["mark"] != "unjudged"
    ]
    silent = [condition["name"] for condition in found.conditions if condition["mark"] == "unjudged"]
    if silent:
        said.append(
            (
                sentences.MARKS["unjudged"],
                str(sentences.MARK_NAMES["unjudged"]),
                "",
                sentences.unjudged(silent),
            )
        )
    return said
