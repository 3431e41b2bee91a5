"""Records for rules of matching: drawn by a seed, so that equal seeds give equal ones."""

from random import Random

import numpy as np

from kakehashi.matching import basis
from kakehashi.matching.basis import Entry
from kakehashi.matching.centre import Centres
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.fields import MEDICAL_STAGES, STAGES, Facts

DIMENSION = 64
KINDS = ("offer", "offer", "request", "request", "academic", "practice", "event")
LANGS = ("de", "ja", "en")
TYPES = ("university", "sme", "large_company")


def facts(random: Random, side: str) -> Facts:
    """What one record states; much of it is left open."""
    return Facts(
        kind=random.choice(KINDS),
        side=side,
        topics=tuple(
            random.sample(("oncology", "vaccines", "devices", "data", "cells"), random.randrange(4))
        ),
        partnership=tuple(random.sample(("licence", "research", "sale"), random.randrange(4))),
        partner_types=tuple(random.sample(TYPES, random.randrange(3))),
        organisation_type=random.choice(("", *TYPES)),
        stage=random.choice(("", *STAGES)),
        trl=random.choice((None, *range(1, 10))),
        medical_stage=random.choice(("", *MEDICAL_STAGES)),
        open_for_interest=random.random() > 0.1,
    )


def entry(random: Random, key: int) -> Entry:
    """Some have texts in several languages, some no passage; a few say the very same as others."""
    noise = np.random.default_rng(random.randrange(40))
    vectors = noise.normal(size=(8, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own, many = random.random() < 0.5, random.randrange(4)
    return Entry(
        key=key,
        place=basis.place_of("munich.example", str(key)),
        own=own,
        facts=facts(random, "munich" if own else random.choice(("osaka", "osaka", "munich"))),
        heads={lang: vectors[i] for i, lang in enumerate(random.sample(LANGS, random.choice((1, 1, 2))))},
        passages=vectors[4 : 4 + many],
        passage_langs=tuple(random.choice(LANGS) for _ in range(many)),
        concepts=frozenset(f"c{int(random.paretovariate(0.7)) % 60}" for _ in range(random.randrange(7))),
        words=frozenset(random.sample(("bayern", "kansai", "roche", "takeda"), random.randrange(3))),
    )


def corpus(seed: int, count: int) -> Corpus:
    """Some records, with the basis that they give."""
    random = Random(seed)
    entries = [entry(random, key) for key in range(1, count + 1)]
    by_place = sorted(entries, key=lambda each: each.place)
    made = Corpus(DIMENSION, basis.settle("test", by_place, Centres(), DIMENSION))
    made.put(entries)
    return made
