"""Finds the phrases of a match that say the same, when it is first shown; kept until a text changes."""

from datetime import datetime
from typing import Any

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.matching import queries, shown
from kakehashi.matching.actions.settle import terms_of
from kakehashi.matching.align import align
from kakehashi.matching.encoder import Encoder, Gone, Vectors, default
from kakehashi.matching.models import Alignment, Match
from kakehashi.matching.queries.glossary import glossary
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.serving import serving


def align_match(*, match: Match, now: datetime, encoder: Encoder | None = None) -> Alignment:
    """The kept alignment of a match, computed first if the texts are others than it was made from."""
    encoder = encoder or serving()
    if isinstance(encoder, Gone):  # short phrases need no stored vectors
        encoder = default()
    kept = queries.kept_alignment(match)
    if kept is not None:
        return kept
    content = _align(match, encoder)
    with transaction.atomic():
        made, _ = Alignment.objects.update_or_create(
            match=match,
            defaults={"digests": queries.text_digests(match), "content": content, "computed_at": now},
        )
    return made


def best_in_words(*, viewer: Viewer, limit: int, lang: str, now: datetime) -> list[dict[str, Any]]:
    """The best matches that `viewer` may see in words, their phrases aligned first."""
    best = queries.best_pairs(viewer, limit, now)
    for match in best:
        align_match(match=match, now=now)
    return [queries.in_words(match, lang, now) for match in best]


def _align(match: Match, encoder: Encoder) -> dict[str, Any]:
    bodies = (match.own.body, match.other.body)
    with MEMORY.corpus() as corpus:
        vectors: list[Vectors] = [
            corpus.passages(corpus.slots[key]) for key in (match.own_id, match.other_id)
        ]
    chosen = shown.nearest_passages(*vectors)
    blocks = [shown.blocks(body, places) for body, places in zip(bodies, chosen, strict=True)]
    langs = (bodies[0]["lang"], bodies[1]["lang"])
    known = glossary()
    found = [shown.phrases_of(cut, lang, known) for cut, lang in zip(blocks, langs, strict=True)]
    one, other = ([phrase for _, phrase in side] for side in found)
    links = align(one, other, langs, encoder, terms_of(encoder))
    numbers = list(enumerate(links, 1))
    return {
        "one": shown.marked(blocks[0], found[0], {link.one: number for number, link in numbers}),
        "other": shown.marked(blocks[1], found[1], {link.other: number for number, link in numbers}),
        "links": shown.linked(links, one, other),
    }
