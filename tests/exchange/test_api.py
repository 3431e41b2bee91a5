"""Routes of KX/1: who gets what, in every state of the agreement; all else is refused."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import signatures
from kakehashi.agreements.models import Agreement, Partner
from kakehashi.audit.models import Entry
from kakehashi.exchange import api, checkpoint, receipt, rotation
from kakehashi.exchange.actions import channels, keysets
from kakehashi.exchange.buckets import Untold
from kakehashi.exchange.http_signature import Message, sign
from kakehashi.exchange.keyset import COMPROMISED, key_id
from kakehashi.exchange.models import Channel, Evidence, KeySetVersion, Receipt
from kakehashi.exchange.page import build_trailer
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import document_hash
from tests import cast
from tests.exchange.calls import call, code, read, send
from tests.exchange.origin import HERE, THERE, Keys
from tests.exchange.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The routes read the clock themselves, so these tests live in the present."""
    return clock.now().replace(microsecond=0)


def kyoto(now: datetime) -> Keys:
    """A third cluster: a confirmed partner with keys that are known here, but without any agreement."""
    keys = Keys("kyoto.example")
    facts = Partner.objects.get(pk=THERE)
    Partner.objects.create(
        **{
            **{f.attname: getattr(facts, f.attname) for f in Partner._meta.fields},
            "node": keys.node,
            "root_keys": [keys.root.public],
        }
    )
    keysets.remember(node=keys.node, data=keys.keyset(now).data, roots=[keys.root.public], now=now)
    return keys


def entries(world: World, query: str = "?from=0") -> str:
    return f"/channels/{world.ours.name}/entries{query}"


# the routes, as they should work


def test_the_key_set_is_public_cacheable_and_by_version(now: datetime) -> None:
    World(now)
    answer = Client().get("/.well-known/kx")
    known = keysets.latest(HERE)
    assert known is not None
    assert answer.content == known.data
    assert Client().get("/.well-known/kx", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert Client().get("/.well-known/kx?version=1").content == known.data
    assert code(Client().get("/.well-known/kx?version=2")) == "not-found"
    assert code(Client().get("/.well-known/kx?version=x")) == "bad-request"


def test_a_flood_of_unsigned_requests_for_the_key_set_ends_in_429_and_partners_are_served_on(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(now)
    monkeypatch.setattr(api, "ANYBODYS_PER_MINUTE", 3)
    answers = [Client().get("/.well-known/kx") for _ in range(5)]
    assert [answer.status_code for answer in answers[:4]] == [200, 200, 200, 429]
    assert code(answers[4]) == "rate-limited"
    served = call("GET", f"/channels/{world.ours.name}", keys=world.origin.keys, now=now)
    assert served.status_code == 200


def test_a_reader_gets_status_and_feed(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    status = call("GET", f"/channels/{world.ours.name}", keys=world.origin.keys, now=now)
    assert status.json()["size"] == 3
    page = read(call("GET", entries(world), keys=world.origin.keys, now=now))
    assert [line.header["op"] for line in page.lines] == ["keyset", "put", "put"]
    assert status.json()["checkpoint"] == page.note
    later = read(call("GET", entries(world, "?from=2"), keys=world.origin.keys, now=now), 2)
    assert [line.index for line in later.lines] == [2]
    bare = read(call("GET", entries(world, "?from=0&parts=0"), keys=world.origin.keys, now=now))
    assert [dict(line.parts) for line in bare.lines] == [{}, {}, {}]


def test_an_empty_page_is_only_the_trailer(now: datetime) -> None:
    world = World(now)
    answer = call("GET", entries(world, "?from=1"), keys=world.origin.keys, now=now)
    page = read(answer, 1)
    assert answer.content == build_trailer(1, page.note)


@pytest.mark.parametrize(("accept", "coding"), [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("identity", None)])
def test_pages_are_packed_as_the_reader_can_unpack(now: datetime, accept: str, coding: str | None) -> None:
    world = World(now)
    answer = call("GET", entries(world), keys=world.origin.keys, now=now, headers={"accept-encoding": accept})
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Cache-Control"] == "no-store"


def made(world: World, note: str, at: datetime, **rows: Any) -> bytes:
    reached = checkpoint.cosign(checkpoint.parse(note), THERE, world.origin.keys.log, int(at.timestamp()))
    return receipt.build(reached, **{"erased": [], "rejected": [], **rows})


def test_receipts_are_kept_given_back_and_never_go_back(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    keys, path = world.origin.keys, f"/channels/{world.ours.name}/receipts"
    note = read(call("GET", entries(world), keys=keys, now=now)).note
    assert code(call("GET", path + "/latest", keys=keys, now=now)) == "not-found"
    data = made(world, note, now, rejected=[(1, "expired")])
    for _ in range(2):  # 200 also on repeat
        assert call("POST", path, keys=keys, now=now, body=data).status_code == 200
    assert Receipt.objects.count() == 1
    assert call("GET", path + "/latest", keys=keys, now=now).content == data
    first = api.queries.signed_head(world.ours, 1).note
    assert code(call("POST", path, keys=keys, now=now, body=made(world, first, now))) == "receipt-rollback"


def test_a_receipt_for_a_root_that_we_do_not_have_is_evidence(now: datetime) -> None:
    """Threats 7 and 23: our own signature over another history means a stolen key or a restored backup."""
    world = World(now)
    other = checkpoint.sign(world.ours.name, 5, bytes(32), world.origin.here.log).note
    path = f"/channels/{world.ours.name}/receipts"
    answer = call("POST", path, keys=world.origin.keys, now=now, body=made(world, other, now))
    assert code(answer) == "receipt-rollback"
    assert Evidence.objects.get().code == "fork"
    assert not Receipt.objects.exists()


def test_threat_25_who_reads_on_and_on_without_a_receipt_gets_no_more(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "MOST_UNTOLD", 1)
    world = World(now)
    cast.offer(now, audience="agreements")
    keys, whole = world.origin.keys, read(call("GET", entries(world), keys=world.origin.keys, now=now))
    on = entries(world, f"?from={whole.next}")
    assert code(call("GET", on, keys=keys, now=now)) == "channel-suspended"
    data = made(world, whole.note, now)
    assert (
        call("POST", f"/channels/{world.ours.name}/receipts", keys=keys, now=now, body=data).status_code
        == 200
    )
    assert call("GET", on, keys=keys, now=now).status_code == 200


def test_threat_25_who_reads_on_for_a_day_without_a_receipt_gets_no_more(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "UNTOLD", Untold())
    world = World(now)
    cast.offer(now, audience="agreements")
    keys, whole = world.origin.keys, read(call("GET", entries(world), keys=world.origin.keys, now=now))
    on = entries(world, f"?from={whole.next}")
    assert call("GET", on, keys=keys, now=now).status_code == 200
    monkeypatch.setattr(api, "UNTOLD_FOR", timedelta(microseconds=1))  # that day has passed
    assert code(call("GET", on, keys=keys, now=now)) == "channel-suspended"
    assert call("GET", entries(world), keys=keys, now=now).status_code == 200  # what it acknowledged: nothing
    data = made(world, whole.note, now)
    call("POST", f"/channels/{world.ours.name}/receipts", keys=keys, now=now, body=data)
    monkeypatch.setattr(api, "UNTOLD_FOR", timedelta(hours=24))
    assert call("GET", on, keys=keys, now=now).status_code == 200


def test_a_day_without_a_receipt_counts_from_the_first_request_beyond_it(now: datetime) -> None:
    untold, later = Untold(), now + timedelta(hours=30)
    assert untold.since("c", "p", 5, now) == now
    assert untold.since("c", "p", 9, later) == now
    assert untold.since("c", "another", 9, later) == later
    assert untold.since("c", "p", 0, later) == later
    assert untold.since("c", "p", 1, later + timedelta(hours=1)) == later + timedelta(hours=1)


def test_an_agreement_is_read_by_its_parties_only(now: datetime) -> None:
    world = World(now)
    answer = call("GET", f"/agreements/{world.origin.hash}", keys=world.origin.keys, now=now)
    assert document_hash(canonical.decode(answer.content, limit=1 << 20)) == world.origin.hash
    assert code(call("GET", f"/agreements/{world.origin.hash}", keys=kyoto(now), now=now)) == "not-found"
    assert code(call("GET", "/agreements/sha256-x", keys=world.origin.keys, now=now)) == "not-found"


def test_a_draft_comes_in_but_activates_nothing(now: datetime) -> None:
    world = World(now)
    second = {**world.origin.document, "version": 2, "prev": world.origin.hash}
    proof = signatures.sign(second, THERE, world.origin.keys.root, now)
    data, path = canonical.encode({**second, "proof": [proof]}), f"/agreements/{document_hash(second)}"
    assert call("PUT", path, keys=world.origin.keys, now=now, body=data).status_code == 201
    assert call("PUT", path, keys=world.origin.keys, now=now, body=data).status_code == 200
    assert Agreement.objects.get(version=2).state == "proposed"
    assert code(call("PUT", path, keys=kyoto(now), now=now, body=data)) == "not-a-party"
    unsigned = canonical.encode(second)
    assert code(call("PUT", path, keys=world.origin.keys, now=now, body=unsigned)) == "bad-request"
    wrong = f"/agreements/{world.origin.hash}"
    assert code(call("PUT", wrong, keys=world.origin.keys, now=now, body=data)) == "bad-request"
    assert code(call("PUT", path, keys=world.origin.keys, now=now, body=b"{ }")) == "bad-request"


def test_a_termination_is_taken_once_and_only_from_its_author(now: datetime) -> None:
    world = World(now)
    ending = signatures.termination(world.origin.hash, THERE, now + timedelta(days=90), "notice", now)
    proof = signatures.sign(ending, THERE, world.origin.keys.root, now)
    data = canonical.encode({**ending, "proof": [proof]})
    path = f"/agreements/{world.origin.hash}/termination"
    for _ in range(2):
        assert call("POST", path, keys=world.origin.keys, now=now, body=data).status_code == 200
    assert Agreement.objects.get().ends == now + timedelta(days=90)
    assert code(call("POST", path, keys=kyoto(now), now=now, body=data)) == "not-found"
    forged = {**ending, "proof": [signatures.sign(ending, THERE, PrivateKey.generate(), now)]}
    assert code(call("POST", path, keys=world.origin.keys, now=now, body=canonical.encode(forged))) in (
        "bad-request",
        "agreement-conflict",
    )


# who may not


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "route",
    [
        "/agreements/{hash}",
        "/agreements/{hash}/proofs",
        "/agreements/{hash}/termination",
        "/channels/{channel}",
        "/channels/{channel}/entries?from=0",
        "/channels/{channel}/receipts",
        "/channels/{channel}/receipts/latest",
    ],
)
def test_nothing_answers_without_a_signature(now: datetime, method: str, route: str) -> None:
    world = World(now)
    path = "/kx/v1" + route.format(hash=world.origin.hash, channel=world.ours.name)
    answer = Client().generic(method, path, b"{}" if method != "GET" else b"")
    assert answer.status_code in (401, 405)
    if answer.status_code == 401:
        assert code(answer) == "sig-missing"


@pytest.mark.parametrize("route", ["", "/entries?from=0", "/receipts/latest"])
def test_a_channel_does_not_exist_for_those_who_may_not_know_of_it(now: datetime, route: str) -> None:
    world = World(now)
    callers = [
        (Keys("nara.example"), "key-unknown"),
        (kyoto(now), "not-found"),
        (world.origin.here, "key-unknown"),
    ]
    for keys, expected in callers:
        answer = call("GET", f"/channels/{world.ours.name}{route}", keys=keys, now=now)
        assert code(answer) == expected


STATES = {
    "active": ("", ""),
    "suspended agreement": ("channel-suspended", "channel-suspended"),
    "suspended partner": ("channel-suspended", "channel-suspended"),
    "ended": ("agreement-ended", ""),
    "stopped channel": ("origin-recovering", "origin-recovering"),
}


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_the_agreement_decides_over_the_feed(now: datetime, state: str) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    if state == "suspended agreement":
        Agreement.objects.update(suspended=True)
    elif state == "suspended partner":
        agreements.suspend_partner(viewer=WORKER, node=THERE, suspended=True, now=now)
    elif state == "ended":
        Agreement.objects.update(ends=now - timedelta(seconds=1))
    elif state == "stopped channel":
        Channel.objects.filter(own=True).update(state="stopped")
    with_parts, without = STATES[state]
    for query, expected in (("?from=0", with_parts), ("?from=0&parts=0", without)):
        answer = call("GET", entries(world, query), keys=world.origin.keys, now=now)
        assert (code(answer) if answer.status_code != 200 else "") == expected


def test_after_the_end_headers_and_receipts_go_on(now: datetime) -> None:
    world = World(now)
    Agreement.objects.update(ends=now - timedelta(seconds=1))
    agreements.advance_due(now=now)
    channels.close_due_channels(now=now)
    page = read(call("GET", entries(world, "?from=0&parts=0"), keys=world.origin.keys, now=now))
    assert page.lines[-1].header["op"] == "end"
    path = f"/channels/{world.ours.name}/receipts"
    data = made(world, page.note, now)
    assert call("POST", path, keys=world.origin.keys, now=now, body=data).status_code == 200


# bad requests


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?from=9", "from-beyond-size"),
        ("?from=-1", "bad-request"),
        ("?from=x", "bad-request"),
        ("?from=1e3", "bad-request"),
        ("?from=٣", "bad-request"),
        ("?from=99999999999999999999", "bad-request"),
        ("?from=0&limit=255", "bad-request"),
        ("?from=0&limit=300", "bad-request"),
        ("?from=0&limit=2304", "bad-request"),
        ("?from=0&wait=26", "bad-request"),
    ],
)
def test_numbers_out_of_range_are_refused(now: datetime, query: str, expected: str) -> None:
    world = World(now)
    path = entries(world, quote(query, safe="?=&"))
    answer = call("GET", path, keys=world.origin.keys, now=now)
    assert code(answer) == expected
    assert answer.status_code == (416 if expected == "from-beyond-size" else 400)


def test_threat_02_the_same_request_twice_is_a_replay(now: datetime) -> None:
    """Threat 2."""
    world = World(now)
    message = Message("GET", f"https://{HERE}/kx/v1{entries(world)}", {})
    sign(message, b"", key=world.origin.keys.http, key_id=key_id(THERE, "http-1"), now=now)
    assert send(message).status_code == 200
    assert code(send(message)) == "sig-replay"


def test_threat_04_the_host_header_has_no_say(now: datetime) -> None:
    """Threat 4: the target is built from configuration."""
    world = World(now)
    for host in ("localhost", "127.0.0.1"):
        answer = call("GET", entries(world), keys=world.origin.keys, now=now, headers={"host": host})
        assert answer.status_code == 200
    message = Message("GET", f"https://evil.example/kx/v1{entries(world)}", {})
    sign(message, b"", key=world.origin.keys.http, key_id=key_id(THERE, "http-1"), now=now)
    message.url = message.url.replace("evil.example", HERE)
    assert code(send(message)) == "sig-invalid"


def test_threat_13_a_record_key_opens_no_door(now: datetime) -> None:
    """Keys have one use each."""
    world = World(now)
    message = Message("GET", f"https://{HERE}/kx/v1{entries(world)}", {})
    sign(message, b"", key=world.origin.keys.record, key_id=key_id(THERE, "rec-1"), now=now)
    assert code(send(message)) == "key-unknown"


def test_threat_05_a_revoked_http_key_opens_no_door_and_the_new_one_does(now: datetime) -> None:
    world = World(now)
    keys, new = world.origin.keys, PrivateKey.generate()
    name = key_id(THERE, "http-2")
    document = rotation.following(
        world.origin.keyset,
        base=world.origin.keyset.base,
        now=now,
        add={name: ("http", new.public)},
        revoke=[rotation.revoked(key_id(THERE, "http-1"), now, COMPROMISED)],
    )
    assert call("GET", entries(world), keys=keys, now=now).status_code == 200
    keysets.remember(node=THERE, data=keys.signed(document, now), roots=[keys.root.public], now=now)
    assert code(call("GET", entries(world), keys=keys, now=now)) == "key-revoked"
    message = Message("GET", f"https://{HERE}/kx/v1/channels/{world.ours.name}", {})
    sign(message, b"", key=new, key_id=name, now=now)
    assert send(message).status_code == 200


def test_threat_05_the_audit_shows_what_each_key_has_read(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    for start in (0, 1, world.ours.size):
        path = f"/channels/{world.ours.name}/entries?from={start}"
        assert call("GET", path, keys=world.origin.keys, now=now).status_code == 200
    rows = Entry.objects.filter(action="exchange.read", actor=THERE, object=world.ours.name)
    read = [(row.facts["key"], row.facts["start"], row.facts["entries"]) for row in rows.order_by("pk")]
    assert read == [("http-1", 0, world.ours.size), ("http-1", 1, world.ours.size - 1)]


def test_a_partner_whose_keys_are_too_old_is_not_known_any_more(now: datetime) -> None:
    world = World(now)
    KeySetVersion.objects.filter(node=THERE).update(fetched_at=now - timedelta(days=7))
    assert code(call("GET", entries(world), keys=world.origin.keys, now=now)) == "key-unknown"


def test_threat_29_a_flood_by_one_partner_is_refused_and_others_are_served(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F15 in its short form; tests.faults.flood measures how fast the other is served."""
    monkeypatch.setattr(api.queries, "requests_per_minute", lambda peer, now: 4)
    world, other = World(now), World(now, "kyoto.example")

    def asked(by: World) -> int:
        return call("GET", entries(by), keys=by.origin.keys, now=now).status_code

    assert [asked(world) for _ in range(6)] == [200, 200, 200, 200, 429, 429]
    assert [asked(other) for _ in range(4)] == [200, 200, 200, 200]
    assert asked(world) == 429


def test_a_body_beyond_a_mebibyte_is_not_read(now: datetime) -> None:
    world = World(now)
    path = f"/channels/{world.ours.name}/receipts"
    answer = call("POST", path, keys=world.origin.keys, now=now, body=b"x" * (api.MAX_BODY + 1))
    assert (answer.status_code, code(answer)) == (413, "too-large")


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[" * 3000, b"\xff", b'{"type":"kx.receipt"}'])
@pytest.mark.parametrize("route", ["proofs", "termination", "receipts"])
def test_broken_bodies_get_a_problem_document(now: datetime, body: bytes, route: str) -> None:
    world = World(now)
    place = f"/channels/{world.ours.name}" if route == "receipts" else f"/agreements/{world.origin.hash}"
    path = f"{place}/{route}"
    answer = call("POST", path, keys=world.origin.keys, now=now, body=body)
    assert answer.status_code in (400, 409)
    assert code(answer) in ("bad-request", "not-canonical", "agreement-conflict")


def test_a_foreign_channel_is_not_served_onwards(now: datetime) -> None:
    """Threat 15 from the other side: nobody relays."""
    world = World(now)
    world.origin.put(body=None)
    path = f"/channels/{world.origin.channel}/entries?from=0"
    assert code(call("GET", path, keys=world.origin.keys, now=now)) == "not-found"


def test_a_long_poll_is_answered_as_soon_as_there_is_something(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(now)

    def grow(seconds: float) -> None:
        cast.organisation(now, audience="agreements")

    monkeypatch.setattr(api.time, "sleep", grow)
    page = read(call("GET", entries(world, "?from=1&wait=25"), keys=world.origin.keys, now=now), 1)
    assert [line.header["kind"] for line in page.lines] == ["organisation"]


def test_the_ninth_long_poll_is_answered_at_once(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(now)

    class Full:
        def acquire(self, blocking: bool = True) -> bool:
            return False

    monkeypatch.setattr(api, "WAITING", Full())
    page = read(call("GET", entries(world, "?from=1&wait=25"), keys=world.origin.keys, now=now), 1)
    assert page.lines == []
