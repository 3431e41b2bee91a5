"""Trust decisions: an honest page is accepted whole, each dishonest one fails with its own code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.agreements.decide import Allow
from kakehashi.errors import LogError
from kakehashi.exchange import header, verify
from kakehashi.exchange.header import Place, Signer
from kakehashi.exchange.keyset import key_id
from kakehashi.exchange.page import Limits, Page, Part, parse, split_lines
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment, new_salt, stamp
from kakehashi.signing.keys import PrivateKey
from tests.exchange.origin import HERE, THERE, Keys, Origin

ANY = "sha256-" + "A" * 43


def judge(origin: Origin, page: Page | None = None, **trust: Any) -> verify.Judgement:
    return verify.judge(page or origin.page(), origin.start(), {}, origin.trust(**trust))


def codes(origin: Origin, **trust: Any) -> list[str]:
    """The code of each entry after the one that opens the channel."""
    return [verdict.code for verdict in judge(origin, **trust).verdicts[1:]]


def refusal(origin: Origin, page: Page | None = None, **trust: Any) -> str:
    with pytest.raises(LogError) as caught:
        judge(origin, page, **trust)
    return caught.value.code


def test_an_honest_page_is_accepted_whole(now: datetime) -> None:
    origin = Origin(now)
    id = uuid4()
    origin.put(id)
    origin.put(id)
    origin.withdraw(id)
    judged = judge(origin)
    assert [v.code for v in judged.verdicts] == ["", "", "", ""]
    assert [v.chained for v in judged.verdicts] == [False, True, True, True]
    assert judged.verdicts[1].allow == Allow(onward="none", clauses=("c1",))
    assert judged.position == verify.Position(
        origin.channel, origin.frontier(), origin.keyset.hash, origin.hash
    )
    assert judged.checkpoint.note == origin.note()


def test_pages_in_steps_lead_where_one_page_leads(now: datetime) -> None:
    origin = Origin(now)
    ids = [origin.put().header["id"] for _ in range(6)]
    known: dict[tuple[str, int], str] = {}
    position = origin.start()
    for start, end in ((0, 1), (1, 4), (4, 4), (4, 7)):
        judged = verify.judge(origin.page(start, end), position, known, origin.trust())
        position = judged.position
    assert position == judge(origin).position
    assert len(ids) == 6


# log level: nothing counts


def test_a_page_with_any_entry_changed_left_out_swapped_or_added_has_another_root(now: datetime) -> None:
    origin = Origin(now)
    for _ in range(4):
        origin.put()
    honest, other = origin.page(), Origin(now)
    stranger = other.put()
    lines = honest.lines
    for spoilt in (
        [*lines[:2], lines[3], lines[2], lines[4]],
        [*lines[:2], replace(lines[2], data=stranger.data, parts={}), *lines[3:]],
        [*lines[:4], lines[3]],
        lines[:4],
        [*lines, lines[4]],
    ):
        assert refusal(origin, replace(honest, lines=spoilt)) == "root-mismatch"


def test_threat_19_history_rewritten_before_the_position_is_noticed_at_the_next_page(now: datetime) -> None:
    origin = Origin(now)
    for _ in range(3):
        origin.put()
    position = verify.judge(origin.page(0, 3), origin.start(), {}, origin.trust()).position
    honest = origin.lines
    origin.lines, origin.heads = honest[:2], {}
    for _ in range(3):
        origin.put()
    with pytest.raises(LogError, match="root-mismatch"):
        verify.judge(origin.page(3), position, {}, origin.trust())


def test_a_checkpoint_by_another_key_or_of_another_log_is_refused(now: datetime) -> None:
    origin = Origin(now)
    origin.put()
    assert (
        refusal(origin, replace(origin.page(), note=origin.note(key=PrivateKey.generate())))
        == "checkpoint-sig"
    )
    assert (
        refusal(origin, replace(origin.page(), note=origin.note(key=origin.keys.record))) == "checkpoint-sig"
    )
    assert refusal(origin, replace(origin.page(), note="none")) == "checkpoint-sig"
    stranger = Origin(now)
    assert refusal(origin, replace(origin.page(), note=stranger.note())) == "wrong-channel"


@pytest.mark.parametrize(
    "place",
    [
        lambda p: Place("kyoto.example", p.channel, p.agreement),
        lambda p: Place(p.origin, f"{p.origin}/kx/{'9' * 16}/0", p.agreement),
        lambda p: Place(HERE, p.channel.replace(THERE, HERE), p.agreement),
    ],
)
def test_threat_15_an_entry_of_another_origin_or_channel_stops_the_page(
    now: datetime, place: Callable[[Place], Place]
) -> None:
    origin = Origin(now)
    origin.place = place(origin.place)
    origin.put()
    assert refusal(origin) == "wrong-channel"


def test_a_part_that_does_not_fit_its_commitment_stops_the_page(now: datetime) -> None:
    origin = Origin(now)
    line = origin.put()
    body = line.parts["body"]
    for parts in (
        {"body": Part(body.salt, canonical.encode({"title": "other"}))},
        {"body": Part(new_salt(), body.data)},
        {"person": body},
        {"body": body, "person": body},
    ):
        origin.lines[1] = replace(line, parts=parts)
        assert refusal(origin) == "part-mismatch"


def test_parts_beside_anything_but_a_put_stop_the_page(now: datetime) -> None:
    origin = Origin(now)
    line = origin.put()
    origin.withdraw(header.record_id(line.header))
    origin.lines[2] = replace(origin.lines[2], parts=line.parts)
    assert refusal(origin) == "part-mismatch"


def test_two_headers_of_one_revision_are_a_fork(now: datetime) -> None:
    origin = Origin(now)
    id = uuid4()
    origin.put(id)
    origin.heads.clear()
    origin.put(id)
    assert refusal(origin) == "fork"


def test_the_first_entry_must_name_a_known_key_set_and_signed_agreement(now: datetime) -> None:
    origin = Origin(now)
    assert refusal(origin, keysets={}) == "keyset-stale"
    assert refusal(origin, versions=set()) == "agreement-not-active"
    origin.lines, origin.heads = [], {}
    origin.put()
    assert refusal(origin) == "keyset-stale"


def test_nothing_comes_after_the_end(now: datetime) -> None:
    origin = Origin(now)
    origin.log(header.end(origin.place, reason="agreement-ended", now=now))
    assert judge(origin).position.ended
    origin.put()
    assert refusal(origin) == "epoch-closed"


# record level: the leaf counts, the record waits in quarantine


def test_a_header_not_signed_by_a_record_key_in_force_is_quarantined(now: datetime) -> None:
    origin, stranger = Origin(now), Keys(THERE)
    origin.put(signer=stranger.signer())
    origin.put(signer=Signer(origin.keys.log, key_id(THERE, "log-1")))
    origin.put(signer=Signer(origin.keys.record, key_id(THERE, "rec-9")))
    origin.put()
    assert codes(origin) == ["record-sig", "record-sig", "record-sig", ""]


def test_signatures_verified_ahead_of_a_page_change_nothing_in_what_is_judged(now: datetime) -> None:
    origin, stranger = Origin(now), Keys(THERE)
    origin.put(signer=stranger.signer())
    origin.put(signer=Signer(origin.keys.record, key_id(THERE, "rec-9")))
    origin.put()
    page = origin.page()
    verify.ahead(page, origin.keyset)
    assert [bool(line.signed_by) for line in page.lines] == [True, False, False, True]
    assert [verdict.code for verdict in judge(origin, page).verdicts] == ["", "record-sig", "record-sig", ""]


def test_a_signature_verified_ahead_by_a_later_key_of_the_same_id_counts_for_nothing_before(
    now: datetime,
) -> None:
    origin, new = Origin(now), PrivateKey.generate()
    ids = {**origin.keys.ids(), key_id(THERE, "rec-1"): ("record", new.public)}
    second = origin.keys.keyset(now, keys=ids, version=2, prev=origin.keyset.hash)
    signer = Signer(new, key_id(THERE, "rec-1"))
    origin.put(signer=signer)
    origin.log(header.keyset(origin.place, hash=second.hash, now=now))
    origin.put(signer=signer)
    page, known = origin.page(), {origin.keyset.hash: origin.keyset, second.hash: second}
    verify.ahead(page, second)
    assert [line.signed_by for line in page.lines[1::2]] == [new.public, new.public]
    judged = judge(origin, page, latest=second, keysets=known)
    assert [verdict.code for verdict in judged.verdicts[1::2]] == ["record-sig", ""]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "gossip", "schema": "gossip/1"}, "schema-unknown"),
        ({"schema": "offer/2"}, "schema-unknown"),
        ({"schema": "request/1"}, "schema-unknown"),
        ({"kind": "comment", "schema": "comment/1", "clause": None}, "policy-kind"),
        ({"topics": "oncology"}, "schema-invalid"),
        ({"tlp": "WHITE"}, "schema-invalid"),
        ({"tlp": "RED"}, "policy-tlp"),
        ({"regions": []}, "policy-region"),
        ({"regions": ["DE-BY"]}, "policy-region"),
        ({"clause": "c9"}, "policy-kind"),
        ({"expires": "tomorrow"}, "schema-invalid"),
        ({"rev": 0}, "schema-invalid"),
        ({"rev": True}, "schema-invalid"),
        ({"rev": 2}, "schema-invalid"),
        ({"rev": 2, "prev": ANY}, "rev-gap"),
        ({"prev": ANY}, "schema-invalid"),
        ({"op": "poke"}, "schema-invalid"),
        ({"v": 2}, "schema-invalid"),
        ({"agreement": ANY}, "agreement-conflict"),
        ({"future_member": "kept"}, ""),
    ],
    ids=str,
)
def test_threat_16_what_the_agreement_or_the_schema_does_not_allow_is_quarantined(
    now: datetime, change: dict[str, Any], code: str
) -> None:
    origin = Origin(now)
    unsigned = {name: value for name, value in origin.put().header.items() if name != "proof"}
    parts = origin.lines.pop().parts
    unsigned = {**unsigned, **change}
    if unsigned["op"] != "put":
        parts = {}
    origin.log(
        {name: value for name, value in unsigned.items() if value is not None or name == "prev"}, dict(parts)
    )
    assert codes(origin) == [code]


def test_threat_16_topics_outside_the_grant_are_quarantined(now: datetime) -> None:
    origin = Origin(now, topics=("vaccines",))
    origin.put()
    origin.put(topics=["vaccines", "oncology"])
    assert codes(origin) == ["policy-topic", ""]


def test_threat_16_personal_parts_without_a_grant_are_quarantined(now: datetime) -> None:
    origin = Origin(now)
    part = Part(new_salt(), canonical.encode({"contact": {"email": "x@y.example"}}))
    commitments = {"person": commitment(part.salt, {"contact": {"email": "x@y.example"}})}
    line = origin.put(parts=commitments)
    origin.lines[1] = replace(line, parts={"person": part})
    assert codes(origin) == ["policy-part"]


def test_expired_and_future_records_are_quarantined_at_the_exact_second(now: datetime) -> None:
    origin = Origin(now)
    origin.put(expires=now)
    origin.put(expires=now + timedelta(seconds=1))
    origin.put(issued=stamp(now + timedelta(minutes=10)))
    origin.put(issued=stamp(now + timedelta(minutes=10, seconds=1)))
    assert codes(origin) == ["expired", "", "", "clock"]


def test_a_revision_that_came_without_its_parts_is_marked_and_not_judged(now: datetime) -> None:
    origin = Origin(now)
    origin.lines[1:] = [replace(origin.put(tlp="RED"), parts={})]
    verdict = judge(origin).verdicts[1]
    assert verdict.missing
    assert (verdict.code, verdict.allow) == ("", None)


def test_a_quarantined_revision_still_counts_in_its_chain(now: datetime) -> None:
    origin = Origin(now)
    id = uuid4()
    origin.put(id, tlp="RED")
    origin.put(id)
    assert codes(origin) == ["policy-tlp", ""]


def test_a_repeated_header_changes_nothing(now: datetime) -> None:
    origin = Origin(now)
    line = origin.put()
    origin.lines.append(replace(line, index=2))
    verdicts = judge(origin).verdicts
    assert [(v.code, v.chained) for v in verdicts[1:]] == [("", True), ("", False)]
    assert verdicts[2].allow is None


def test_chains_reach_across_pages(now: datetime) -> None:
    origin = Origin(now)
    id = uuid4()
    origin.put(id)
    first = judge(origin)
    origin.put(id)
    known = {(f"urn:uuid:{id}", 1): first.verdicts[1].hash}
    second = verify.judge(origin.page(2), first.position, known, origin.trust())
    assert second.verdicts[0].code == ""
    lost = verify.judge(origin.page(2), first.position, {}, origin.trust())
    assert lost.verdicts[0].code == "rev-gap"


# keys over time


def rotated(origin: Origin, now: datetime, **changes: Any) -> tuple[Any, Signer]:
    """The next key set, with a second record key, and a signer with it; without those that are revoked."""
    new, gone = PrivateKey.generate(), {row["id"] for row in changes.get("revoked", ())}
    ids = {name: row for name, row in origin.keys.ids().items() if name not in gone}
    ids[key_id(THERE, "rec-2")] = ("record", new.public)
    second = origin.keys.keyset(now, keys=ids, version=2, prev=origin.keyset.hash, **changes)
    return second, Signer(new, key_id(THERE, "rec-2"))


def test_a_new_key_is_in_force_from_the_entry_that_names_its_set(now: datetime) -> None:
    origin = Origin(now)
    second, signer = rotated(origin, now)
    origin.put(signer=signer)
    origin.log(header.keyset(origin.place, hash=second.hash, now=now))
    origin.put(signer=signer)
    known = {origin.keyset.hash: origin.keyset, second.hash: second}
    assert codes(origin, latest=second, keysets=known) == ["record-sig", "", ""]


def test_an_older_key_set_cannot_come_back_into_force(now: datetime) -> None:
    origin = Origin(now)
    second, _ = rotated(origin, now)
    origin.log(header.keyset(origin.place, hash=second.hash, now=now))
    origin.log(header.keyset(origin.place, hash=origin.keyset.hash, now=now))
    known = {origin.keyset.hash: origin.keyset, second.hash: second}
    assert refusal(origin, latest=second, keysets=known) == "keyset-rollback"


def test_entries_after_the_last_good_one_of_a_compromised_key_are_suspect(now: datetime) -> None:
    origin = Origin(now)
    origin.put()
    origin.put()
    row = {"id": key_id(THERE, "rec-1"), "since": stamp(now), "reason": "compromised", "last_good": []}
    good = {**row, "last_good": [{"channel": origin.channel, "i": 1}]}
    assert codes(origin, latest=rotated(origin, now, revoked=[good])[0]) == ["", "key-revoked"]
    assert codes(origin, latest=rotated(origin, now, revoked=[row])[0]) == ["key-revoked", "key-revoked"]
    replaced = {**row, "reason": "superseded"}
    assert codes(origin, latest=rotated(origin, now, revoked=[replaced])[0]) == ["", ""]


# hostile pages: bytes in, one kind of error out


def wire(origin: Origin, data: bytes) -> verify.Judgement:
    limits = Limits()
    return verify.judge(parse(split_lines([data], limits), 0, limits), origin.start(), {}, origin.trust())


MOMENT = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
HONEST = Origin(MOMENT)
for _ in range(3):
    HONEST.put()
FEED = HONEST.feed()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(FEED) - 1), st.integers(0, 255), st.sampled_from(["set", "drop", "add", "cut"]))
def test_threat_01_a_page_altered_on_the_way_is_never_applied(place: int, byte: int, how: str) -> None:
    """Threat 1: line not canonical, root mismatch or part mismatch; nothing applied."""
    rest = {
        "set": bytes([byte]) + FEED[place + 1 :],
        "drop": FEED[place + 1 :],
        "add": bytes([byte]) + FEED[place:],
        "cut": b"",
    }
    altered = FEED[:place] + rest[how]
    if altered == FEED:
        return
    with pytest.raises(LogError):
        wire(HONEST, altered)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "put", ANY, THERE, "x" * 400]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "i", "key"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(HONEST.lines[1].header)), anything, min_size=1, max_size=4))
def test_a_signed_header_of_any_shape_is_judged_without_any_other_error(changes: dict[str, Any]) -> None:
    origin = Origin(MOMENT)
    line = origin.put()
    unsigned = {name: value for name, value in {**line.header, **changes}.items() if name != "proof"}
    origin.lines.pop()
    origin.log(unsigned, dict(line.parts))
    if "proof" in changes:
        data = canonical.encode({**origin.lines[-1].header, "proof": changes["proof"]})
        origin.lines[-1] = replace(origin.lines[-1], data=data, header=canonical.decode(data, limit=1 << 20))
    try:
        verdicts = wire(origin, origin.feed()).verdicts
    except LogError:
        return
    assert all(v.code or v.line.header["op"] in ("put", "keyset") for v in verdicts)
