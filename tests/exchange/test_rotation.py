"""Rotation as rules: whatever is done to keys in whatever order, each version follows safely the last."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import Conflict, LogError
from kakehashi.exchange import header, keyset, rotation, verify
from kakehashi.exchange.header import Signer
from kakehashi.exchange.keyset import COMPROMISED, SUPERSEDED, USES, KeySet, key_id
from kakehashi.exchange.own import FRAGMENTS, newest
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey
from tests.exchange.origin import THERE, Keys, Origin

BASE = f"https://{THERE}/kx/v1"


def added(known: KeySet, use: str) -> dict[str, tuple[str, str]]:
    """The next generation of one use."""
    number = newest(use, [*known.keys, *known.revoked]) + 1
    return {key_id(THERE, f"{FRAGMENTS[use]}-{number}"): (use, PrivateKey.generate().public)}


def signed(document: dict[str, Any], now: datetime, *roots: PrivateKey) -> bytes:
    for root in roots:
        document = rotation.with_proof(document, root, sorted(each.public for each in roots), now)
    return canonical.encode(document)


def request(now: datetime, **changes: Any) -> tuple[Keys, KeySet, rotation.Request]:
    keys = Keys(THERE)
    known = keys.keyset(now)
    document = rotation.following(known, base=BASE, now=now, **{"add": added(known, "record"), **changes})
    return keys, known, rotation.read_request(rotation.write_request(known, document))


STEPS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(USES), min_size=1, max_size=3, unique=True).map(
            lambda uses: ("rotate", uses)
        ),
        st.integers(0, 30).map(lambda place: ("revoke", place)),
        st.just(("renew", None)),
        st.just(("root", None)),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_any_sequence_of_rotations_and_revocations_is_followed_by_a_partner(steps: list[Any]) -> None:
    now = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    keys = Keys(THERE)
    root, known = keys.root, keys.keyset(now)
    ever = {known.version: known}
    for what, how in steps:
        changes: dict[str, Any] = {}
        signers = [root]
        if what == "rotate":
            changes["add"] = {name: row for use in how for name, row in added(known, use).items()}
        elif what == "revoke":
            name = sorted(known.keys)[how % len(known.keys)]
            use = known.keys[name][0]
            changes["revoke"] = [rotation.revoked(name, now, COMPROMISED, {f"{THERE}/kx/{'0' * 16}/0": how})]
            changes["add"] = added(known, use) if newest(use, known.keys) == newest(use, [name]) else {}
        elif what == "root":
            root = PrivateKey.generate()
            changes["roots"] = [root.public]
            signers.append(root)
        document = rotation.following(known, base=BASE, now=now, **changes)
        data = signed(document, now, *signers)
        found = keyset.parse(data, node=THERE, roots=known.roots, threshold=known.threshold)
        keyset.check_successor(known, found)
        ever[found.version] = known = found
    everything = {name: row for each in ever.values() for name, row in each.keys.items()}
    assert everything.keys() == known.keys.keys() | known.revoked.keys()
    assert len({public for _, public in everything.values()}) == len(everything)
    taken_back = {name for name, row in known.revoked.items() if row["reason"] != SUPERSEDED}
    lasting = {name for name, (use, _) in everything.items() if use != "http"}
    assert lasting - taken_back <= known.keys.keys()
    assert {use for use, _ in known.keys.values()} == set(USES)
    assert len(known.all_of("http")) <= 2
    for version in range(known.version, 1, -1):
        assert keyset.parse_former(ever[version - 1].data, follows=ever[version]) == ever[version - 1]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_exactly_the_agreed_number_of_root_keys_makes_a_version_count(data: st.DataObject) -> None:
    now = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    count = data.draw(st.integers(1, 4))
    threshold = data.draw(st.integers(1, count))
    roots = [PrivateKey.generate() for _ in range(count)]
    publics = [root.public for root in roots]
    keys = Keys(THERE)
    first = keys.document(now, root=publics, threshold=threshold)
    known = keyset.parse(signed(first, now, *roots), node=THERE, roots=publics, threshold=threshold)
    document = rotation.following(known, base=BASE, now=now, add=added(known, "log"))
    asked = rotation.read_request(rotation.write_request(known, document))
    chosen = data.draw(st.lists(st.sampled_from(roots), unique_by=lambda root: root.public))
    for root in [*chosen, *chosen]:  # signing twice counts once
        asked = rotation.sign_request(asked, root, now)
    assert asked.missing == max(0, threshold - len(chosen))
    asked = rotation.read_request(rotation.write_request(asked.former, asked.document))  # as it travels
    assert asked.missing == max(0, threshold - len(chosen))
    data_ = canonical.encode(asked.document)
    if asked.missing:
        with pytest.raises(LogError, match="not signed"):
            keyset.parse(data_, node=THERE, roots=known.roots, threshold=known.threshold)
    else:
        assert keyset.parse(data_, node=THERE, roots=known.roots, threshold=threshold).version == 2


def test_new_roots_and_a_new_threshold_sign_beside_the_old_ones(now: datetime) -> None:
    new = [PrivateKey.generate(), PrivateKey.generate()]
    roots = [each.public for each in new]
    keys, known, asked = request(now, roots=roots, threshold=2)
    assert asked.missing == 2
    asked = rotation.sign_request(asked, keys.root, now)
    asked = rotation.sign_request(asked, new[0], now)
    assert asked.missing == 1
    with pytest.raises(LogError, match="not signed"):
        keyset.parse(canonical.encode(asked.document), node=THERE, roots=known.roots)
    asked = rotation.sign_request(asked, new[1], now)
    assert asked.missing == 0
    assert keyset.parse(canonical.encode(asked.document), node=THERE, roots=known.roots).threshold == 2


def test_threat_10_a_threshold_raised_for_the_same_roots_must_be_reached_at_once(now: datetime) -> None:
    keys, second = Keys(THERE), PrivateKey.generate()
    roots = sorted([keys.root.public, second.public])
    document = keys.document(now, root=roots, threshold=2)
    with pytest.raises(LogError, match="not signed"):
        keyset.parse(keys.signed(document, now, keys.root), node=THERE, roots=roots)
    assert keyset.parse(keys.signed(document, now, keys.root, second), node=THERE, roots=roots).threshold == 2


def test_a_sealed_second_root_key_signs_alone(now: datetime) -> None:
    keys, sealed = Keys(THERE), PrivateKey.generate()
    roots = sorted([keys.root.public, sealed.public])
    first = keyset.parse(keys.signed(keys.document(now, root=roots), now, keys.root), node=THERE, roots=roots)
    document = rotation.following(first, base=BASE, now=now, roots=[sealed.public])
    data = signed(document, now, sealed)
    assert keyset.parse(data, node=THERE, roots=first.roots, threshold=first.threshold).roots == (
        sealed.public,
    )


def test_a_root_key_that_has_nothing_to_do_with_it_does_not_sign(now: datetime) -> None:
    _, _, asked = request(now)
    with pytest.raises(Conflict, match="no root key"):
        rotation.sign_request(asked, PrivateKey.generate(), now)


def test_the_signer_reads_what_changes(now: datetime) -> None:
    row = rotation.revoked(key_id(THERE, "rec-1"), now, COMPROMISED, {f"{THERE}/kx/{'0' * 16}/0": 7})
    new = PrivateKey.generate().public
    _, known, asked = request(now, revoke=[row], roots=[new])
    said = rotation.changes(asked.former, asked.keys)
    assert said == [
        "new record key rec-2",
        "rec-1 is no longer listed",
        f"rec-1 is revoked (compromised); good until entry 7 of {THERE}/kx/{'0' * 16}/0",
        f"new root key {new}",
        f"root key {known.roots[0]} counts no longer",
        "valid until 2027-12-27",
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole["keyset"].update(version=3),
        lambda whole: whole["keyset"].update(prev="sha256-" + "A" * 43),
        lambda whole: whole["keyset"].update(not_after="2029-01-01T00:00:00Z"),
        lambda whole: whole["keyset"]["keys"].clear(),
        lambda whole: whole["keyset"]["keys"].reverse(),
        lambda whole: whole["keyset"].update(node="kyoto.example"),
        lambda whole: whole["former"].update(base="https://osaka.example/elsewhere"),
        lambda whole: whole["former"]["proof"].clear(),
        lambda whole: whole.update(former=None),
        lambda whole: whole.update(type="kx.keyset"),
        lambda whole: whole.update(v=2),
        lambda whole: whole.update(keyset=[]),
        lambda whole: whole.pop("keyset"),
    ],
)
def test_a_request_that_is_not_in_order_is_not_signed(now: datetime, spoil: Any) -> None:
    _, _, asked = request(now)
    whole = canonical.decode(rotation.write_request(asked.former, asked.document), limit=1 << 18)
    spoil(whole)
    with pytest.raises(Conflict):
        rotation.read_request(canonical.encode(whole))


@given(st.binary(max_size=80))
def test_anything_else_is_no_request(data: bytes) -> None:
    with pytest.raises(Conflict):
        rotation.read_request(data)


def test_threat_09_what_was_revoked_stays_revoked_and_a_name_keeps_its_key(now: datetime) -> None:
    keys = Keys(THERE)
    first = keys.keyset(now)
    row = rotation.revoked(key_id(THERE, "rec-1"), now, COMPROMISED)
    gone = rotation.following(first, base=BASE, now=now, add=added(first, "record"), revoke=[row])
    second = keyset.parse(signed(gone, now, keys.root), node=THERE, roots=first.roots)
    keyset.check_successor(first, second)
    forgotten = {**rotation.following(second, base=BASE, now=now), "revoked": []}
    third = keyset.parse(signed(forgotten, now, keys.root), node=THERE, roots=first.roots)
    with pytest.raises(LogError, match="no longer revoked"):
        keyset.check_successor(second, third)
    renamed = rotation.following(
        first, base=BASE, now=now, add={key_id(THERE, "log-1"): ("log", PrivateKey.generate().public)}
    )
    other = keyset.parse(signed(renamed, now, keys.root), node=THERE, roots=first.roots)
    with pytest.raises(LogError, match="the name of another"):
        keyset.check_successor(first, other)


def test_a_key_is_not_listed_and_revoked_at_once(now: datetime) -> None:
    keys = Keys(THERE)
    document = keys.document(now, revoked=[rotation.revoked(key_id(THERE, "rec-1"), now, COMPROMISED)])
    with pytest.raises(LogError, match="listed and revoked"):
        keyset.parse(keys.signed(document, now), node=THERE, roots=[keys.root.public])


def test_how_far_an_owner_stands_by_a_revoked_key(now: datetime) -> None:
    keys, channel = Keys(THERE), f"{THERE}/kx/{'0' * 16}/0"
    first = keys.keyset(now)
    name = key_id(THERE, "rec-1")
    for reason, good, bound in (
        (COMPROMISED, {channel: 4}, 4),
        (COMPROMISED, {}, -1),
        ("lost", {}, -1),
        (SUPERSEDED, {}, float("inf")),
        (SUPERSEDED, {channel: 4}, 4),
    ):
        row = rotation.revoked(name, now, reason, good)
        document = rotation.following(first, base=BASE, now=now, add=added(first, "record"), revoke=[row])
        found = keyset.parse(signed(document, now, keys.root), node=THERE, roots=first.roots)
        assert found.vouched(name, channel) == bound
        assert found.vouched(key_id(THERE, "rec-2"), channel) == float("inf")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_each_entry_is_judged_by_the_key_set_at_its_index_and_by_what_was_revoked_since(
    data: st.DataObject,
) -> None:
    now = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    origin = Origin(now)
    private = [origin.keys.record, PrivateKey.generate(), PrivateKey.generate()]
    names = [key_id(THERE, f"rec-{number}") for number in (1, 2, 3)]
    signers = [Signer(key, name) for key, name in zip(private, names, strict=True)]
    versions = [origin.keyset]
    for number in (1, 2):
        add = {names[number]: ("record", private[number].public)}
        document = rotation.following(versions[-1], base=BASE, now=now, add=add)
        data_ = signed(document, now, origin.keys.root)
        versions.append(keyset.parse(data_, node=THERE, roots=versions[-1].roots))
    present, listed, expected = 1, [1], [0]  # how many keys are listed; per entry; and who signed it
    for what in data.draw(st.lists(st.integers(0, 3), max_size=8)):
        if what == 3:
            present = min(3, present + 1)
            origin.log(
                header.keyset(origin.place, hash=versions[present - 1].hash, now=now),
                signer=signers[present - 1],
            )
            what = present - 1
        else:
            origin.put(signer=signers[what])
        listed.append(present)
        expected.append(what)
    stolen, good = data.draw(st.integers(0, 1)), data.draw(st.integers(-1, len(listed)))
    row = rotation.revoked(names[stolen], now, COMPROMISED, {origin.channel: good})
    latest = keyset.parse(
        signed(rotation.following(versions[-1], base=BASE, now=now, revoke=[row]), now, origin.keys.root),
        node=THERE,
        roots=versions[-1].roots,
    )
    known = {each.hash: each for each in [*versions, latest]}
    judged = verify.judge(origin.page(), origin.start(), {}, origin.trust(latest=latest, keysets=known))
    for index, (verdict, count, who) in enumerate(zip(judged.verdicts, listed, expected, strict=True)):
        by_set = "record-sig" if who >= count else ""
        by_theft = "key-revoked" if who == stolen and index > good else ""
        assert verdict.code == (by_set or by_theft)


def test_a_version_is_valid_for_400_days_from_the_day_of_its_request(now: datetime) -> None:
    _, _, asked = request(now + timedelta(days=300))
    assert asked.keys.not_after == now + timedelta(days=700)
