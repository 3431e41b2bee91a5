"""Which of its meanings a term has in a text, and whether an abbreviation counts there at all.

KI is künstliche Intelligenz, Konfidenzintervall or a knock-in; ADC is a conjugate, or what an MRI measures.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kakehashi.matching.concepts import Concept
from kakehashi.text.fold import fold
from kakehashi.text.tokens import Run, runs, stem

DOMINANT = 4  # times as many terms that build on a meaning make it the one that is meant without context


class Mention(NamedTuple):
    """A concept named in characters `start` to `end` of a cleaned text.

    `part` counts from 1 where the concept is only a part of a compound word, else it is 0. `short`: named by
    an abbreviation.
    """

    start: int
    end: int
    concept: str
    part: int = 0
    short: bool = False


class _Evidence(NamedTuple):
    """What speaks for a meaning, the strongest first; `weight` is no evidence of this text."""

    named: int  # otherwise in the text
    context: int  # words of its context there
    topic: int  # other concepts of its topic there
    weight: int  # terms of the glossary that build on it


def settled(
    found: Sequence[Mention],
    read: tuple[str, Sequence[Run]],
    concepts: Mapping[str, Concept],
    weight: Callable[[str], int],
    *,
    loose: bool,
) -> list[Mention]:
    """One meaning for each place, in the order of the text; `read` is this with its runs.

    An abbreviation with several meanings, or with a context of its own, counts only if the text speaks for
    one of them, or one is far more usual; `loose` (somebody types a search) takes the likeliest in any case.
    """
    at: dict[tuple[int, int, int], list[Mention]] = defaultdict(list)
    for mention in found:
        at[mention.start, mention.end, mention.part].append(mention)
    doubtful = {place: any(_doubtful(m, concepts) for m in ms) or len(ms) > 1 for place, ms in at.items()}
    if not any(doubtful.values()):
        return sorted(found)
    sure = Counter(ms[0].concept for place, ms in at.items() if not doubtful[place])
    topics = Counter(concepts[concept].topic for concept in sure.elements())
    text, every = read
    words = frozenset(stem(run.text) for run in every if not run.cjk)

    def evidence(mention: Mention) -> _Evidence:
        concept = concepts[mention.concept]
        said = _said(_context(concept), words, text)
        return _Evidence(sure[mention.concept], said, topics[concept.topic], weight(mention.concept))

    chosen = []
    for place, mentions in at.items():
        if doubtful[place]:
            chosen += _likeliest({m: evidence(m) for m in mentions}, concepts, loose=loose)
        else:
            chosen += mentions
    return sorted(chosen)


def _likeliest(
    evidence: Mapping[Mention, _Evidence], concepts: Mapping[str, Concept], *, loose: bool
) -> list[Mention]:
    """The one meaning of a place that its text speaks for; none if it does for none."""
    possible = {m: e for m, e in evidence.items() if not _doubtful(m, concepts) or any(e[:2])}
    if loose:
        possible = possible or dict(evidence)
    best = max(possible, key=lambda m: (possible[m], m.concept), default=None)
    return [best] if best and (loose or _counts(best, possible, concepts)) else []


def _doubtful(mention: Mention, concepts: Mapping[str, Concept]) -> bool:
    return mention.short and bool(concepts[mention.concept].context)


def _counts(best: Mention, evidence: Mapping[Mention, _Evidence], concepts: Mapping[str, Concept]) -> bool:
    """Whether a meaning is sure enough: said, without a rival, or far more usual than these."""
    mine = evidence[best]
    if not best.short or any(mine[:3]):
        return True
    rivals = [other for other in evidence if other != best]
    if all(concepts[other.concept].topic == concepts[best.concept].topic for other in rivals):
        return True
    return all(mine.weight >= DOMINANT * max(evidence[other].weight, 1) for other in rivals)


def _context(concept: Concept) -> Sequence[str]:
    """The words that speak for a concept: its own, else those of its names."""
    return concept.context or [word for lang in ("de", "en") for word in concept.names[lang].split()]


def _said(context: Sequence[str], words: frozenset[str], text: str) -> int:
    """How many of some words a text holds: Latin ones as whole words, others anywhere."""
    count = 0
    for word in context:
        keys = list(runs(word))
        if any(key.cjk for key in keys):
            count += fold(word) in fold(text)
        else:
            count += bool(keys) and all(stem(key.text) in words for key in keys)
    return count
