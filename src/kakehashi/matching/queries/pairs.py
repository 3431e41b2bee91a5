"""Matches that a viewer may see: both records must be visible, or there is no match."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotFound
from kakehashi.matching.desk import OPEN
from kakehashi.matching.index import Mask
from kakehashi.matching.models import Alignment, Indexed, Match, TermChange
from kakehashi.matching.pair import Pair
from kakehashi.matching.pair import related as related_pairs
from kakehashi.matching.queries.desk import limited
from kakehashi.matching.queries.glossary import glossary, held
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.matching.rank import FAIRLY
from kakehashi.matching.shelf import Filters
from kakehashi.records import queries as records
from kakehashi.records.models import Facet, Reading

RELATED_FLOOR = 0.30
NEAR = 40  # nearest records that are looked at for "related"
HISTORICAL = Q(own__historical=True) | Q(other__historical=True)
INVENTED = Q(own__provenance="invented") | Q(other__provenance="invented")
# Most of a record, and no line of a list shows anything of it.
UNSHOWN = ("own__body", "own__person", "other__body", "other__person")
ASKED_FOR = (Q(own__kind="request") | Q(other__kind="request")) & Q(score__gte=FAIRLY)


@dataclass(frozen=True)
class Chosen:
    """What a list of matches is limited to; empty means all. `mine`: those of the viewer's organisation.

    `list` is one of desk.LISTS.
    """

    mine: bool = False
    kind: str = ""
    topic: str = ""
    list: str = ""

    @property
    def narrowed(self) -> bool:
        """True if fewer than all matches are asked for."""
        return bool(self.mine or self.kind or self.topic or self.list not in ("", OPEN))


def matches(viewer: Viewer, now: datetime, chosen: Chosen = Chosen()) -> QuerySet[Match]:  # frozen
    """Matches of which the viewer may see both records, the best first, historical ones after all others."""
    seen = records.in_published(viewer, now, "own__") & records.in_published(viewer, now, "other__")
    rows = Match.objects.filter(seen).select_related("own", "other")
    if chosen.mine:
        rows = rows.filter(own__owner=viewer.organisation) if viewer.organisation else rows.none()
    if chosen.kind:
        rows = rows.filter(Q(own__kind=chosen.kind) | Q(other__kind=chosen.kind))
    if chosen.topic:
        with_topic = Facet.objects.filter(facet="topic", value=chosen.topic).values("reading")
        rows = rows.filter(Q(own__in=with_topic) | Q(other__in=with_topic))
    rows = limited(rows, viewer, chosen.list)
    return rows.order_by(_last(HISTORICAL), F("score").desc(), "pk")


def count_pairs(viewer: Viewer, now: datetime) -> int:
    """Distinct pairs of which the viewer may see both records."""
    return matches(viewer, now).count()


def best_pairs(viewer: Viewer, limit: int, now: datetime) -> list[Match]:
    """The best matches of the bridge, each record at most once.

    What somebody asks for and somebody has goes before like and like, if they are fairly close
    (docs/adr/0006); historical records come after current ones, invented ones last.
    """
    glossary()  # as of now: who shows them names concepts by it
    order = (_last(INVENTED), _last(HISTORICAL), _last(~ASKED_FOR), F("score").desc(), "pk")
    rows = matches(viewer, now).order_by(*order)
    chosen: dict[int, None] = {}
    seen: set[int] = set()
    # ids first: whole records of all that are looked at would take ten times as long
    for key, *ends in rows.values_list("pk", "own_id", "other_id")[: 100 * limit]:
        if len(chosen) < limit and not seen.intersection(ends):
            chosen[key] = None
            seen.update(ends)
    found = Match.objects.select_related("own", "other").in_bulk(chosen)
    return [found[key] for key in chosen if key in found]


def _last(condition: Q) -> Case:
    """Orders what meets the condition after all else."""
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def matches_of(viewer: Viewer, reading: Reading, limit: int, now: datetime) -> list[Match]:
    """The best matches of one record that the viewer may see and has not dismissed."""
    return list(matches(viewer, now, Chosen(list=OPEN)).filter(Q(own=reading) | Q(other=reading))[:limit])


def match(viewer: Viewer, key: int, now: datetime) -> Match:
    """One match; NotFound also where a record of it may not be known of."""
    found = matches(viewer, now).filter(pk=key).first()
    if found is None:
        raise NotFound(f"match {key}")
    return found


def kept_alignment(found: Match) -> Alignment | None:
    """The phrases of a match if they were computed from the present texts with the present glossary."""
    kept = Alignment.objects.filter(match=found).first()
    if kept is None or kept.digests != text_digests(found):
        return None
    return None if TermChange.objects.filter(at__gte=kept.computed_at).exists() else kept


def text_digests(found: Match) -> str:
    """What both texts are known by: another one means that phrases must be aligned anew."""
    both = Indexed.objects.filter(reading__in=[found.own_id, found.other_id]).order_by("reading")
    return "".join(both.values_list("digest", flat=True))


def rank_of(viewer: Viewer, found: Match, now: datetime) -> tuple[int, int]:
    """The place of a match among those of its own record with records of the other's kind, and how many."""
    scores = [
        row.score for row in matches(viewer, now).filter(own=found.own_id, other__kind=found.other.kind)
    ]
    return 1 + sum(score > found.score for score in scores), len(scores)


def related(viewer: Viewer, reading: Reading, limit: int, now: datetime) -> list[tuple[Reading, Pair]]:
    """Records of any kind that speak of the same; what is matched with it already is left out."""
    matched = matches_of(viewer, reading, limit, now)
    known = {reading.pk, *(m.own_id for m in matched), *(m.other_id for m in matched)}
    pairs = _related(reading.pk, _others(viewer, known, now), limit)
    rows = records.published_by_key(viewer, [pair.other for pair in pairs], now)
    found = [(rows[pair.other], pair) for pair in pairs if pair.other in rows]
    return sorted(found, key=lambda item: item[0].historical)


def _others(viewer: Viewer, known: Collection[int], now: datetime) -> Mask:
    """By key: what the viewer may see, without organisations and what is `known`."""
    with SHELVES.shelf() as shelf:
        allowed = shelf.mask(viewer, Filters(), now) & ~shelf.mask(viewer, Filters(kind="organisation"), now)
    allowed[[key for key in known if key < len(allowed)]] = False
    return allowed


def _related(key: int, allowed: Mask, limit: int) -> list[Pair]:
    with MEMORY.corpus() as corpus:
        if key not in corpus.slots:
            return []
        mask = corpus.mask(allowed)
        if not mask.any():
            return []
        near = corpus.nearest(corpus.head(corpus.slots[key]), mask, NEAR)
        return related_pairs(corpus, key, sorted(near.tolist()), floor=RELATED_FLOOR, most=limit)


def in_words(found: Match, lang: str, now: datetime) -> dict[str, Any]:
    """A match for the terminal and for programs: score, both titles, and why, in one language."""
    known = held().concepts
    shared: list[str] = next((c["because"] for c in found.components if c["name"] == "concepts"), [])
    concepts = [known[c].names[lang] for c in shared if c in known][:6]
    kept = Alignment.objects.filter(match=found).first()
    phrases = [f"{link['one']} = {link['other']}" for link in kept.content["links"]][:4] if kept else []
    return {
        "score": f"{found.score:.2f}",
        "ours": _title(found.own, lang),
        "theirs": _title(found.other, lang),
        "concepts": concepts,
        "phrases": phrases,
        "met": [c["name"] for c in found.conditions if c["mark"] == "met" and c["value"]],
        "why": "; ".join(filter(None, (", ".join(concepts), ", ".join(phrases)))) or "near in meaning",
    }


def _title(reading: Reading, lang: str) -> str:
    """The title in one language, the owner's own wording beside it where that is another."""
    own = reading.title.get(reading.lang) or next(iter(reading.title.values()), "")
    shown = reading.title.get(lang) or own
    return shown if shown == own else f"{shown} ({own})"
