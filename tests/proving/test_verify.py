"""A bundle is judged alone: what it shows is said, and whatever is altered in it does not hold."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakehashi.errors import NotProven
from kakehashi.exchange import checkpoint, header, keyset
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.verify import header_hash
from kakehashi.proving import bundle, merkle, words
from kakehashi.proving.verify import verify
from kakehashi.signing import canonical, proof
from kakehashi.signing.keys import PrivateKey
from tests.exchange import golden

Bundle = dict[str, Any]


def given_bundle() -> Bundle:
    return dict(json.loads(golden.proof_bundle()))


def judged(changed: Bundle) -> Any:
    return verify(canonical.encode(changed))


def test_a_bundle_says_what_was_shared_by_whom_when_under_what_and_who_received_it_when() -> None:
    proven = verify(golden.proof_bundle())
    assert proven.header["id"] == f"urn:uuid:{golden.ID}"
    assert (proven.index, proven.channel, proven.agreement_hash) == (1, golden.CHANNEL, golden.AGREEMENT)
    assert proven.parts == {"body": golden.BODY}
    assert proven.covered == ("c1",)
    assert [(seen.by, seen.at, seen.size) for seen in proven.seen] == [(golden.PEER, golden.AT, 2)]
    told = "\n".join(words.sentences(proven))
    for word in (
        golden.NODE,
        golden.PEER,
        str(golden.ID),
        "Antikörper",
        "2026-11-22 09:00:00 UTC",
        "entry 2",
    ):
        assert word in told


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every plain value of a document stands."""
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(member, (*path, key))
    else:
        yield path


def altered(value: Any) -> Any:
    if isinstance(value, str):
        middle = len(value) // 2
        return value[:middle] + ("b" if value[middle : middle + 1] == "a" else "a") + value[middle + 1 :]
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else "x"


EVERY = list(places(given_bundle()))


def test_whatever_single_value_is_altered_nothing_is_proven() -> None:
    assert len(EVERY) > 150
    for path in EVERY:
        changed = given_bundle()
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = altered(inner[path[-1]])
        with pytest.raises(NotProven):
            judged(changed)


def containers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every object and list of a document stands, itself left out."""
    for key, member in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(member, dict | list):
            yield (*path, key)
            yield from containers(member, (*path, key))


def test_values_of_every_wrong_type_are_refused_and_break_nothing() -> None:
    wrong = (None, True, -1, 2**53 - 1, "", "x" * 500, [], {}, [[]], [{}], {"a": []}, ["a", "a"])
    for turn, path in enumerate([*EVERY, *containers(given_bundle())]):
        hostile, changed = wrong[turn % len(wrong)], given_bundle()
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        if inner[path[-1]] == hostile or path == ("parts",):
            continue
        inner[path[-1]] = hostile
        with pytest.raises(NotProven):
            judged(changed)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(golden.proof_bundle()) - 1), st.integers(1, 255))
@example(place=5529, bits=1)  # in the name of whoever cosigned: the line is a stranger's then
def test_no_altered_byte_says_anything_else_and_none_breaks_the_program(place: int, bits: int) -> None:
    data = bytearray(golden.proof_bundle())
    data[place] ^= bits
    try:
        found = verify(bytes(data))
    except NotProven:
        return
    assert {each.by for each in found.seen} == {""}  # it proves less, as if nobody had received it
    assert replace(found, seen=()) == replace(verify(golden.proof_bundle()), seen=())


def without(name: str, index: int | None = None) -> Bundle:
    changed = given_bundle()
    if index is None:
        del changed[name]
    else:
        del changed[name][index]
    return changed


@pytest.mark.parametrize("name", sorted(given_bundle()))
def test_no_member_may_be_missing(name: str) -> None:
    with pytest.raises(NotProven):
        judged(without(name))


@pytest.mark.parametrize("index", [0, 1])
def test_without_the_keys_of_a_party_its_signatures_prove_nothing(index: int) -> None:
    with pytest.raises(NotProven, match="no key set of"):
        judged(without("keysets", index))


def test_a_part_that_is_left_out_is_named_and_one_that_was_never_committed_is_refused() -> None:
    proven = judged({**given_bundle(), "parts": {}})
    assert (proven.parts, proven.absent) == ({}, ["body"])
    body = given_bundle()["parts"]["body"]
    with pytest.raises(NotProven, match="person"):
        judged({**given_bundle(), "parts": {"person": body}})


def test_one_signature_alone_makes_no_agreement() -> None:
    changed = given_bundle()
    del changed["agreements"][0]["proof"][1]
    with pytest.raises(NotProven, match=r"not signed by osaka\.example"):
        judged(changed)


def test_a_stranger_cannot_put_his_own_keys_beside_the_agreement() -> None:
    changed, stranger = given_bundle(), PrivateKey.generate()
    document = proof.without_proof(changed["keysets"][0])
    document["root"] = {"threshold": 1, "keys": [stranger.public]}
    method = keyset.key_id(golden.NODE, "root-1")
    signed = proof.sign(document, stranger, method=method, created=golden.AT)
    changed["keysets"][0] = {**document, "proof": [signed]}
    with pytest.raises(NotProven, match="no key set of munich"):
        judged(changed)


# bundles of other entries


def with_entry(data: bytes, before: list[bytes], **changes: Any) -> Bundle:
    """A bundle for a log that ends with `data`, cosigned."""
    leaves = [leaf_hash(each) for each in [*before, data]]
    grown = Frontier().extend(leaves)
    note = checkpoint.sign(golden.CHANNEL, grown.size, grown.root(), golden.LOG)
    cosigned = checkpoint.cosign(note, golden.PEER, golden.WITNESS, int(golden.AT.timestamp()))
    path = merkle.inclusion(lambda level, first, last: leaves[first:last], len(before), grown.size)
    proofs = [bundle.tlog_proof(len(before), path, cosigned.note)]
    return {**given_bundle(), "entry": json.loads(data), "parts": {}, "proofs": proofs, **changes}


def test_a_withdrawal_is_proven_too() -> None:
    *before, taken = golden.entries()
    told = "\n".join(words.sentences(judged(with_entry(taken, before))))
    assert "withdrew the record" in told
    assert "licensed" in told


def put(**changes: Any) -> bytes:
    facts: dict[str, Any] = json.loads(golden.entries()[1])
    unsigned = proof.without_proof({**facts, **changes})
    return header.signed(unsigned, golden.SIGNER, golden.AT)


UNCOVERED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "academic", "schema": "academic/1"}, "policy-kind"),
    ({"clause": "c2"}, "policy-kind"),
    ({"regions": ["DE-BE"]}, "policy-region"),
    ({"regions": []}, "policy-region"),
    ({"tlp": "RED"}, "policy-tlp"),
    ({"parts": {"person": "sha256-" + "B" * 42 + "E"}}, "policy-part"),
    ({"issued": "2026-10-31T23:59:59Z"}, "agreement-not-active"),
    ({"issued": "2029-10-31T00:00:00Z", "expires": "2031-01-01T00:00:00Z"}, "agreement-ended"),
    ({"expires": "2026-11-22T09:00:00Z"}, "expired"),
    ({"origin": "kyoto.example"}, "another node than its log"),
    ({"agreement": "sha256-" + "B" * 42 + "E"}, "another agreement"),
    ({"channel": golden.CHANNEL.replace("/kx/a", "/kx/b")}, "not one of this agreement"),
]


@pytest.mark.parametrize(("changes", "why"), [*UNCOVERED, ({"rev": 0}, "no proper form")])
def test_what_the_agreement_does_not_cover_is_not_proven(changes: dict[str, Any], why: str) -> None:
    data = put(**changes)
    with pytest.raises(NotProven, match=why):
        judged(with_entry(data, golden.entries()[:1]))


def test_a_head_that_nobody_cosigned_proves_what_the_origin_signed_and_no_receipt() -> None:
    changed = given_bundle()
    index, path, _ = bundle.read_tlog_proof(changed["proofs"][0])
    changed["proofs"] = [bundle.tlog_proof(index, path, golden.note(2).note)]
    told = "\n".join(words.sentences(judged(changed)))
    assert "No receipt of a partner is enclosed" in told


def signed_keyset(**changes: Any) -> Bundle:
    """The next version of Munich's key set."""
    first = keyset.parse(golden.key_set(), node=golden.NODE, roots=[golden.ROOT.public])
    facts: dict[str, Any] = {
        **proof.without_proof(json.loads(golden.key_set())),
        "version": 2,
        "prev": first.hash,
        **changes,
    }
    method = keyset.key_id(golden.NODE, "root-1")
    return {**facts, "proof": [proof.sign(facts, golden.ROOT, method=method, created=golden.AT)]}


def rotated(use: str, last_good: int | None) -> Bundle:
    """A second version in which the key of one use is replaced, and revoked as stolen."""
    old, new = (keyset.key_id(golden.NODE, f"{use}-{n}") for n in (1, 2))
    rows = [row for row in json.loads(golden.key_set())["keys"] if row["id"] != old]
    kind = {"rec": "record", "log": "log"}[use]
    rows.append({"id": new, "use": kind, "key": PrivateKey.from_seed(bytes([99] * 32)).public})
    good = [] if last_good is None else [{"channel": golden.CHANNEL, "i": last_good}]
    revoked = {"id": old, "since": "2026-12-01T00:00:00Z", "reason": "compromised", "last_good": good}
    return signed_keyset(keys=sorted(rows, key=lambda row: row["id"]), revoked=[revoked])


@pytest.mark.parametrize("use", ["rec", "log"])
@pytest.mark.parametrize(("last_good", "holds"), [(1, True), (0, False), (None, False)])
def test_a_stolen_key_counts_up_to_the_last_entry_that_its_owner_vouches_for(
    use: str, last_good: int | None, holds: bool
) -> None:
    changed = given_bundle()
    changed["keysets"].insert(1, rotated(use, last_good))
    if holds:
        assert judged(changed).index == 1
    else:
        with pytest.raises(NotProven):
            judged(changed)


NEW_ROOT = PrivateKey.from_seed(bytes([98] * 32))


def new_root(*by: PrivateKey) -> Bundle:
    """A second version of Munich's key set, which names another root key."""
    document = proof.without_proof(signed_keyset(root={"threshold": 1, "keys": [NEW_ROOT.public]}))
    method = keyset.key_id(golden.NODE, "root-1")
    return {**document, "proof": [proof.sign(document, key, method=method, created=golden.AT) for key in by]}


@pytest.mark.parametrize(
    ("by", "holds"), [((golden.ROOT, NEW_ROOT), True), ((golden.ROOT,), False), ((NEW_ROOT,), False)]
)
def test_a_new_root_counts_if_the_old_one_signed_beside_it(by: tuple[PrivateKey, ...], holds: bool) -> None:
    changed = given_bundle()
    changed["keysets"].insert(1, new_root(*by))
    if holds:
        assert judged(changed).index == 1
    else:
        with pytest.raises(NotProven):
            judged(changed)


def test_versions_of_key_sets_must_follow_each_other() -> None:
    changed = given_bundle()
    changed["keysets"].insert(1, signed_keyset(version=3))
    with pytest.raises(NotProven):
        judged(changed)


def amended() -> Bundle:
    """A bundle whose entry names the second version of the agreement."""
    second = {**golden.AGREED, "version": 2, "prev": golden.AGREEMENT, "title": {"en": "Second"}}
    method = "https://{}/.well-known/kx#root-1".format
    second["proof"] = [
        proof.sign(second, key, method=method(node), created=golden.AT)
        for node, key in ((golden.NODE, golden.ROOT), (golden.PEER, golden.PEER_ROOT))
    ]
    data = put(agreement=proof.document_hash(second), rev=1, prev=None)
    return with_entry(data, golden.entries()[:1], agreements=[golden.agreement(), second])


def test_an_amended_agreement_is_followed_from_its_first_version() -> None:
    assert judged(amended()).agreement["version"] == 2
    changed = amended()
    del changed["agreements"][0]
    with pytest.raises(NotProven):
        judged(changed)


def test_revisions_are_chained_by_the_hash_that_a_bundle_shows() -> None:
    assert json.loads(golden.entries()[2])["prev"] == header_hash(golden.entries()[1])


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no JSON": lambda: b"\xff\xfe",
    "a list": lambda: b"[]",
    "deep": lambda: b"[" * 2000,
    "large": lambda: b'"' + b"a" * bundle.MAX_BYTES + b'"',
    "another type": lambda: canonical.encode({**given_bundle(), "type": "kx.receipt"}),
    "an unknown member": lambda: canonical.encode({**given_bundle(), "more": 1}),
    "spaces": lambda: json.dumps(given_bundle()).encode(),
    "no proofs": lambda: canonical.encode({**given_bundle(), "proofs": []}),
    "a proof of another form": lambda: canonical.encode({**given_bundle(), "proofs": ["index 1"]}),
    "an entry without proof": lambda: canonical.encode(
        {**given_bundle(), "entry": proof.without_proof(given_bundle()["entry"])}
    ),
    "an entry of nothing": lambda: canonical.encode({**given_bundle(), "entry": {}}),
    "an index too large": lambda: canonical.encode(
        {
            **given_bundle(),
            "proofs": [given_bundle()["proofs"][0].replace("index 1\n", "index 9007199254740993\n")],
        }
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_bundle_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotProven):
        verify(HOSTILE[name]())


def test_a_newline_at_the_end_of_the_file_is_forgiven() -> None:
    assert verify(golden.proof_bundle() + b"\n") == verify(golden.proof_bundle())
