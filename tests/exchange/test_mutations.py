"""C3: each field of each example of the protocol, altered, is refused with the code documented for it.

The examples are those of the golden files: A key set, B agreement, C entry, D erasure, E withdrawal, F
trailer and checkpoint, G cosigned checkpoint, H receipt, I termination. Their fields are found in them, not
listed.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from kakehashi.agreements import document as documents
from kakehashi.agreements import signatures
from kakehashi.agreements.decide import Deny, decide
from kakehashi.agreements.terms import State, standing
from kakehashi.errors import ExchangeError, InvalidInput
from kakehashi.exchange import checkpoint, http_signature, keyset, receipt, verify
from kakehashi.exchange.http_signature import Message
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Limits, Part, build_line, build_trailer, parse, split_lines
from kakehashi.signing import canonical
from kakehashi.signing.proof import document_hash
from tests.exchange import golden, mutations
from tests.exchange.mutations import ADD, DROP, FLIP, SWAP

ACCEPTED = ""
NOW = golden.AT + timedelta(days=50)
KEYS = keyset.parse(golden.key_set(), node=golden.NODE, roots=[golden.ROOT.public])
PEER_KEYS = keyset.parse(golden.peer_key_set(), node=golden.PEER, roots=[golden.PEER_ROOT.public])
LIMITS = Limits()
Judge = Callable[[bytes], str]


@dataclass(frozen=True)
class Example:
    """A document, who judges it, and the codes of every place in it.

    `codes`: pattern of places to the codes that may come there; the first that fits counts. `says_nothing`:
    alterations that are none, by how and pattern of places.
    """

    data: bytes
    judge: Judge
    codes: dict[str, str]
    says_nothing: tuple[str, str] = ("", "")
    is_text: bool = False

    def altered(self) -> Iterator[tuple[str, str, bytes]]:
        if self.is_text:
            for place, how, text in mutations.lines_altered(self.data.decode()):
                yield place, how, text.encode()
            return
        for place, how, document in mutations.altered(json.loads(self.data)):
            yield place, how, mutations.written(document)

    def expected(self, place: str, how: str) -> set[str]:
        if how == self.says_nothing[0] and re.fullmatch(self.says_nothing[1], place):
            return {ACCEPTED}
        return set(
            next(codes for pattern, codes in self.codes.items() if re.fullmatch(pattern, place)).split()
        )


def judged(take: Callable[[bytes], Any]) -> Judge:
    """The code with which `take` refuses; "" if it does not."""

    def judge(data: bytes) -> str:
        try:
            take(data)
        except ExchangeError as e:
            return e.code
        except InvalidInput:
            return "bad-request"  # as the routes answer it
        return ACCEPTED

    return judge


# A, B, I: documents signed by root keys


def following(data: bytes) -> None:
    """The key set that comes where the unaltered one is known."""
    roots = [golden.ROOT.public]
    keyset.check_successor(
        keyset.parse(golden.next_key_set(), node=golden.NODE, roots=roots),
        keyset.parse(data, node=golden.NODE, roots=roots),
    )


def in_force(data: bytes) -> None:
    """The agreement by which an offer may cross: this very one, signed by all."""
    document = documents.parse(data)
    if document_hash(document) != golden.AGREEMENT:
        raise InvalidInput({"": ["another document than its name says"]})
    signed = signatures.signers(document, document.get("proof", []))
    state = State.ACTIVE if len(signed) == len(document["parties"]) else State.PROPOSED
    found = standing(document, hash=golden.AGREEMENT, lineage=golden.AGREEMENT, state=state)
    answer = decide(canonical.decode(golden.entries()[1], limit=1 << 16), found, golden.AT, golden.PEER)
    if isinstance(answer, Deny):
        raise ExchangeError(answer.code)


def ending(data: bytes) -> None:
    signatures.check_termination(signatures.parse_termination(data), golden.AGREED, golden.AGREEMENT)


# C, D, E, F: a page


LOG = [*golden.entries(), golden.erased()]
PARTS = {1: {"body": Part(golden.SALT, canonical.encode(golden.BODY))}}


def lines(headers: list[bytes]) -> list[bytes]:
    return [build_line(index, data, PARTS.get(index, {})) for index, data in enumerate(headers)]


def read(rows: list[bytes]) -> list[str]:
    """The codes of the records of a page; LogError if the page is refused."""
    trust = verify.Trust(
        me=golden.PEER,
        latest=KEYS,
        keysets={KEYS.hash: KEYS},
        standing=standing(golden.AGREED, hash=golden.AGREEMENT, lineage=golden.AGREEMENT, state=State.ACTIVE),
        versions={golden.AGREEMENT},
        now=NOW,
    )
    page = parse(split_lines(rows, LIMITS), 0, LIMITS)
    verdicts = verify.judge(page, verify.Position(golden.CHANNEL, Frontier()), {}, trust).verdicts
    return ["part-missing" if verdict.missing else verdict.code for verdict in verdicts]


def on_the_way(index: int) -> Judge:
    """Line `index` of a page, altered between the nodes."""
    before, end = lines(LOG[:index]), trailer_of(LOG[: index + 1])

    def take(data: bytes) -> None:
        last([*before, data + b"\n", end])

    return judged(take)


def logged(index: int) -> Judge:
    """Header `index`, altered by whoever has the log key and not the record key."""

    def take(data: bytes) -> None:
        headers = [*LOG[:index], data]
        last([*lines(headers), trailer_of(headers)])

    return judged(take)


def trailer_of(headers: list[bytes]) -> bytes:
    root = Frontier().extend([leaf_hash(data) for data in headers]).root()
    size = len(headers)
    return build_trailer(size, checkpoint.sign(golden.CHANNEL, size, root, golden.LOG).note)


def last(rows: list[bytes]) -> None:
    """Raise with the code of the last record of a page."""
    *_, code = read(rows)
    if code:
        raise ExchangeError(code)


def trailer(data: bytes) -> None:
    read([*lines(LOG[:2]), data + b"\n"])


def noted(data: bytes) -> None:
    """A page whose trailer holds this note."""
    read([*lines(LOG[:2]), build_trailer(2, data.decode())])


# G, H: a receipt


def acknowledged(data: bytes) -> None:
    """A receipt by the reader itself, which holds this note."""
    facts: dict[str, Any] = {"type": "kx.receipt", "v": 1, "channel": golden.CHANNEL}
    document = {**facts, "checkpoint": data.decode(), "erased": [], "rejected": []}
    said(canonical.encode(document))


def said(data: bytes) -> None:
    receipt.parse(
        data,
        channel=golden.CHANNEL,
        peer=golden.PEER,
        peer_keys=PEER_KEYS,
        own_log_keys=[golden.LOG.public],
    )


RECEIPT = receipt.build(golden.cosigned(), erased=[1], rejected=[(2, "schema-unknown")])


def sent(original: bytes) -> Judge:
    """A body altered on its way: the request is signed over what was written."""
    message = Message(
        "POST",
        f"https://{golden.NODE}/kx/v1/channels/{golden.CHANNEL}/receipts",
        {"content-type": "application/vnd.kx.v1+json"},
    )
    name = keyset.key_id(golden.PEER, "http-1")
    http_signature.sign(message, original, key=golden.PEER_HTTP, key_id=name, now=NOW)

    def take(data: bytes) -> None:
        http_signature.authenticate(
            message, data, public_key=lambda key: PEER_KEYS.public(key, "http"), now=NOW
        )

    return judged(take)


# What the codes are. A swap brings the code of either place, so neighbours in the alphabet share theirs.
EVERYWHERE = r".*"
ON_THE_WAY = {
    r"i": "index-gap not-canonical",
    r"p(\..*)?": "part-mismatch part-missing not-canonical",
    r"h\.(origin|channel|agreement|op|basis)": "wrong-channel root-mismatch part-mismatch",
    r"h\.(parts.*|onward)": "part-mismatch root-mismatch",
    EVERYWHERE: "root-mismatch not-canonical",
}
LOGGED = {
    r"origin|channel|agreement|op|basis": "wrong-channel part-mismatch schema-invalid record-sig",
    r"parts.*|onward": "part-mismatch schema-invalid record-sig",
    r"id|rev|prev": "rev-gap fork schema-invalid record-sig",
    EVERYWHERE: "schema-invalid record-sig",
}
EXAMPLES = {
    "A key set": Example(
        golden.next_key_set(),
        judged(following),
        {r"proof": "keyset-invalid keyset-rollback", EVERYWHERE: "keyset-invalid"},
    ),
    "B agreement": Example(
        canonical.encode(golden.agreement()),
        judged(in_force),
        {r"proof(\[\d\])?": "bad-request agreement-not-active", EVERYWHERE: "bad-request"},
        says_nothing=(SWAP, r"proof\[\d\]"),  # proofs are a set
    ),
    "C entry, on the way": Example(lines(LOG[:2])[1].rstrip(), on_the_way(1), ON_THE_WAY),
    "C entry, logged": Example(LOG[1], logged(1), LOGGED),
    "D erasure, on the way": Example(lines(LOG)[3].rstrip(), on_the_way(3), ON_THE_WAY),
    "D erasure, logged": Example(LOG[3], logged(3), LOGGED),
    "E withdrawal, on the way": Example(lines(LOG)[2].rstrip(), on_the_way(2), ON_THE_WAY),
    "E withdrawal, logged": Example(LOG[2], logged(2), LOGGED),
    "F trailer": Example(
        build_trailer(2, golden.note(2).note).rstrip(),
        judged(trailer),
        {r"t\.checkpoint": "not-canonical wrong-channel checkpoint-sig", EVERYWHERE: "not-canonical"},
    ),
    "F checkpoint": Example(
        golden.note(2).note.encode(),
        judged(noted),
        {r"line \[0\]": "wrong-channel checkpoint-sig", EVERYWHERE: "checkpoint-sig"},
        is_text=True,
    ),
    "G cosigned checkpoint": Example(
        golden.cosigned().note.encode(),
        judged(acknowledged),
        {r"line \[5\]": "bad-request key-unknown", EVERYWHERE: "bad-request"},
        says_nothing=(SWAP, r"line \[4\]"),  # the order of two signatures
        is_text=True,
    ),
    "H receipt, on the way": Example(RECEIPT, sent(RECEIPT), {EVERYWHERE: "sig-invalid"}),
    "I termination": Example(golden.termination(), judged(ending), {EVERYWHERE: "bad-request"}),
}
DOCUMENTED = {ACCEPTED, *re.findall(r"`([a-z-]+)`", golden.PAPER.read_text("utf-8"))}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_field_of_an_example_altered_in_each_way_is_refused_with_its_code(name: str) -> None:
    example = EXAMPLES[name]
    assert example.judge(example.data) == ACCEPTED
    found = [(place, how, example.judge(data)) for place, how, data in example.altered()]
    assert {how for _, how, _ in found} == {FLIP, SWAP, DROP, ADD}
    assert [each for each in found if each[2] not in example.expected(*each[:2])] == []
    assert {code for *_, code in found} <= DOCUMENTED


def test_a_receipt_that_its_reader_writes_wrongly_is_refused_and_what_it_claims_is_its_own_affair() -> None:
    claims = re.compile(r"erased\[0\]|rejected\[0\](\.code|\.i)?")
    for place, how, document in mutations.altered(json.loads(RECEIPT)):
        code = judged(said)(mutations.written(document))
        assert code == "bad-request" or (how in (FLIP, DROP) and claims.fullmatch(place)), (place, how)


def test_no_field_is_forgotten() -> None:
    """Fields as a reader of the text would count them, found anew by another way."""
    text = canonical.encode(golden.agreement()).decode()
    members = re.findall(r'"(\w+)":', text)
    places = [place for place, how, _ in mutations.altered(json.loads(text)) if how == DROP]
    named = [place for place in places if not place.endswith("]")]
    assert sorted(place.rpartition(".")[2] for place in named) == sorted(members)
