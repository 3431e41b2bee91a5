"""C12: guess what was erased from the log: `python -m tests.exchange.dictionary --cases 1000000`.

The attacker knows the form of a personal part, has a list of people that holds the right one, and all that
remains after an erasure: the signed header with the commitment. The salt is gone.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice, product
from typing import Any
from uuid import UUID

from kakehashi.exchange import header
from kakehashi.exchange.header import Place
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment_of_bytes, new_salt
from kakehashi.signing.keys import PrivateKey

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ID = UUID("6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11")
GIVEN = ("Erika", "Max", "Sabine", "Hanako", "Tarō", "Yuki", "Klaus", "Ottilie", "Kenji", "Aoi")
FAMILY = ("Mustermann", "Huber", "Yamada", "Satō", "Zwetschgenbaum", "Maier", "Tanaka", "Bauer")
HOSTS = ("isar.example", "naniwa.example", "kansai.example", "martinsried.example")


@dataclass(frozen=True)
class Erased:
    """What is left of a record whose personal part was erased, and what it was (for the control alone)."""

    logged: bytes
    commitment: str
    true: bytes
    salt: bytes


def erased() -> Erased:
    """One record as its log entry tells of it."""
    true, salt = canonical.encode(next(candidates())), new_salt()
    said = commitment_of_bytes(salt, true)
    place = Place("munich.example", "munich.example/kx/9192d02acc8f7279/0", "sha256-" + "A" * 42 + "E")
    facts: dict[str, Any] = {"topics": [], "regions": ["DE-BY"], "tlp": "GREEN", "onward": "none"}
    unsigned = header.put(
        place, id=ID, rev=1, prev=None, kind="offer", expires=None, clause="c1", now=AT,
        parts={"person": said}, **facts,
    )  # fmt: skip
    signer = header.Signer(PrivateKey.generate(), "https://munich.example/.well-known/kx#rec-1")
    return Erased(header.signed(unsigned, signer, AT), said, true, salt)


def candidates() -> Iterator[dict[str, Any]]:
    """People without end, the right one first."""
    for number in count():
        for given, family, host in product(GIVEN, FAMILY, HOSTS):
            tail = str(number) if number else ""
            email = f"{given}.{family}{tail}@{host}".lower()
            yield {"contact": {"name": f"{given} {family}", "email": email}}


def guessed_salts(left: Erased, candidate: bytes) -> list[bytes]:
    """Salts that a careless node might have used: none, or one that follows from what anybody can see."""
    seen = (b"", ID.bytes, str(ID).encode(), left.logged, candidate)
    return [bytes(32), *(hashlib.sha256(each).digest() for each in seen)]


def attack(cases: int) -> tuple[int, int]:
    """How many of so many candidates were found by guessing, and how many by whoever has the salt."""
    left, found, known = erased(), 0, 0
    for candidate in islice(candidates(), cases):
        data = canonical.encode(candidate)
        found += any(commitment_of_bytes(salt, data) == left.commitment for salt in guessed_salts(left, data))
        known += commitment_of_bytes(left.salt, data) == left.commitment
    return found, known


def main() -> int:
    """Print the outcome; 1 if anything was found, or the control found nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    cases = parser.parse_args().cases
    began = time.monotonic()
    found, known = attack(cases)
    seconds = time.monotonic() - began
    sys.stdout.write(f"{cases} candidates, {found} found, {known} with the salt, {seconds:.0f} s\n")
    return 0 if found == 0 and known == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
