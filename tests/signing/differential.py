"""Our canonical bytes beside those of an independent encoder of RFC 8785, document by document (C2).

`python -m tests.signing.differential --cases 1000000 --state FILE`; the short form, drawn by hypothesis, is
in test_canonical.py, and tests/proving/test_second_reader.py asks an encoder in another language.
"""

import random
from typing import Any

import rfc8785

from kakehashi.signing.canonical import decode, encode
from tests.faults import long

LIMIT = 1 << 20
SAFE = 2**53 - 1
PLANES = ((0x20, 0x7E), (0, 0x1F), (0xA0, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def text(rng: random.Random) -> str:
    """Characters of all planes, controls among them, no surrogates."""
    return "".join(chr(rng.randint(*rng.choice(PLANES))) for _ in range(rng.randrange(12)))


def value(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(5 if depth == 0 else 7)
    if kind == 5:
        return [value(rng, depth - 1) for _ in range(rng.randrange(5))]
    if kind == 6:
        return document(rng, depth - 1)
    number = rng.choice([rng.randint(-9, 9), rng.randint(-SAFE, SAFE), SAFE, -SAFE])
    return (text(rng), number, True, False, None)[kind]


def document(rng: random.Random, depth: int = 3) -> dict[str, Any]:
    names = {"".join(rng.choices(LETTERS, k=rng.randint(1, 8))) for _ in range(rng.randrange(6))}
    return {name: value(rng, depth) for name in names}


def case(rng: random.Random) -> str:
    made = document(rng)
    data = encode(made)
    assert data == rfc8785.dumps(made), made
    assert decode(data, limit=LIMIT) == made, made
    return "equal"


if __name__ == "__main__":
    long.end(__doc__ or "", case, cases=1_000_000)
