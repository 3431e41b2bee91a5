"""What scores are measured by: means, spreads and how telling each item is, all from one sample of records.

The sample is a pure function of the *set* of records, so it does not matter in which order they came, nor
how often the work was interrupted: equal sets have equal bases and, every pair being scored under the basis
in force, equal matches. A node with few records takes them all. A large one takes those with the lowest
places (a hash of their names), so that a new record seldom changes what all others are measured by.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from kakehashi.matching.centre import Centres, Spread, centred, centres, spread
from kakehashi.matching.encoder import Vectors, unit
from kakehashi.matching.fields import Facts
from kakehashi.matching.index import Rows
from kakehashi.matching.rank import RULES, Weights

SAMPLE = 1_000  # records that a basis is made from
EACH = 300  # of one language or group of languages, for the spread of their similarities
PLACES = 2**62

Spreads: TypeAlias = dict[tuple[str, str], Spread]


@dataclass(frozen=True)
class Entry:
    """One record as stored: raw head vectors by language, raw passage vectors with their languages.

    `place` orders records in the same way on every node and in every run.
    """

    key: int
    place: int
    own: bool
    facts: Facts
    heads: dict[str, Vectors]
    passages: Vectors
    passage_langs: tuple[str, ...]
    concepts: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def group(self) -> str:
        """The languages of the head in one word, such as "de+en"."""
        return "+".join(sorted(self.heads))

    @property
    def items(self) -> set[str]:
        """Everything that can be shared with another record: concepts, words and topics."""
        return {*self.concepts, *self.words, *self.facts.topics}


@dataclass(frozen=True)
class Means:
    """The means by which heads, passages and short terms are centred."""

    heads: Centres = field(default_factory=Centres)
    passages: Centres = field(default_factory=Centres)
    terms: Centres = field(default_factory=Centres)

    def fused(self, heads: Sequence[dict[str, Vectors]], dimension: int) -> Vectors:
        """One vector each [n, d] for heads in several languages: the centred ones added up, or zeros."""
        fused = np.zeros((len(heads), dimension), np.float32)
        counts = np.array([len(head) for head in heads])
        langs = [lang for head in heads for lang in sorted(head)]
        if langs:
            rows = centred(
                np.stack([head[lang] for head in heads for lang in sorted(head)]), langs, self.heads
            )
            begins = np.cumsum(counts) - counts
            fused[counts > 0] = rows[begins[counts > 0]]
            for more in range(1, int(counts.max())):
                fused[counts > more] += rows[begins[counts > more] + more]
            fused[counts > 0] = unit(fused[counts > 0])
        return fused


@dataclass(frozen=True)
class Basis:
    """`last` is the highest place in the sample; spreads are found by two names in alphabetical order."""

    version: str = ""
    means: Means = field(default_factory=Means)
    heads: Spreads = field(default_factory=dict)
    passages: Spreads = field(default_factory=dict)
    weights: Weights = field(default_factory=lambda: Weights(0, {}))
    last: int = 0


def place_of(origin: str, record: str) -> int:
    """A record's place in the order of samples: evenly spread and the same everywhere."""
    return int.from_bytes(hashlib.sha256(f"{origin}/{record}".encode()).digest()[:8], "big") % PLACES


def version_of(sample: Iterable[Sequence[Any]]) -> str:
    """What a basis is known by: a hash of all that goes into it (plain data, in the order of places)."""
    digest = hashlib.sha256(f"{RULES}:{SAMPLE}:{EACH}".encode())
    for parts in sample:
        digest.update(repr(parts).encode())
    return f"{RULES}-{digest.hexdigest()[:24]}"


def settle(version: str, sample: Sequence[Entry], terms: Centres, dimension: int) -> Basis:
    """The basis of a sample, which is given in the order of places."""
    langs = [lang for entry in sample for lang in sorted(entry.heads)]
    rows = [entry.heads[lang] for entry in sample for lang in sorted(entry.heads)]
    passages = [lang for entry in sample for lang in entry.passage_langs]
    texts = [entry.passages for entry in sample if len(entry.passages)]
    means = Means(
        centres(np.stack(rows), langs) if rows else Centres(),
        centres(np.concatenate(texts), passages) if texts else Centres(),
        terms,
    )
    fused = means.fused([entry.heads for entry in sample], dimension)
    flat: Sequence[Vectors] | Vectors = (
        centred(np.concatenate(texts), passages, means.passages) if texts else []
    )
    carriers = Counter(item for entry in sample for item in entry.items)
    return Basis(
        version,
        means,
        _spreads(fused, [entry.group for entry in sample], dimension),
        _spreads(flat, passages, dimension),
        Weights(len(sample), {item: count for item, count in sorted(carriers.items()) if count > 1}),
        sample[-1].place if sample else 0,
    )


def _spreads(vectors: Sequence[Vectors] | Vectors, names: Sequence[str], dimension: int) -> Spreads:
    by_name: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        by_name[name].append(place)
    rows = Rows(dimension)
    if len(vectors):
        rows.extend(np.asarray(vectors, np.float32))
    samples = {
        name: np.array(places[:: max(len(places) // EACH, 1)][:EACH]) for name, places in by_name.items()
    }
    return {
        (a, b): spread(rows.between(samples[a], samples[b]))
        for a in sorted(samples)
        for b in sorted(samples)
        if a <= b
    }


def freeze(basis: Basis) -> dict[str, Any]:
    """A basis as JSON; numbers come back as they were."""
    return {
        "means": {
            use: {lang: [by.counts[lang], mean.tolist()] for lang, mean in by.means.items()}
            for use, by in (
                ("heads", basis.means.heads),
                ("passages", basis.means.passages),
                ("terms", basis.means.terms),
            )
        },
        "heads": [[*names, s.mean, s.deviation] for names, s in basis.heads.items()],
        "passages": [[*names, s.mean, s.deviation] for names, s in basis.passages.items()],
        "records": basis.weights.records,
        "carriers": basis.weights.carriers,
        "last": basis.last,
    }


def thaw(version: str, content: dict[str, Any]) -> Basis:
    """A basis from what `freeze` gave."""
    return Basis(
        version,
        Means(*(_centres(content["means"][use]) for use in ("heads", "passages", "terms"))),
        {(a, b): Spread(mean, deviation) for a, b, mean, deviation in content["heads"]},
        {(a, b): Spread(mean, deviation) for a, b, mean, deviation in content["passages"]},
        Weights(content["records"], content["carriers"]),
        content["last"],
    )


def _centres(stored: dict[str, Any]) -> Centres:
    return Centres(
        {lang: np.array(mean, np.float32) for lang, (_, mean) in stored.items()},
        {lang: count for lang, (count, _) in stored.items()},
    )
