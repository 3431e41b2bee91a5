"""C6: every route of the protocol, asked by every kind of caller in every state of the agreement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import signatures
from kakehashi.agreements.document import channel_name
from kakehashi.agreements.models import Agreement
from kakehashi.exchange import checkpoint, history, purge, receipt, rotation
from kakehashi.exchange.actions import channels, keysets
from kakehashi.exchange.keyset import COMPROMISED, key_id
from kakehashi.exchange.models import Channel
from kakehashi.signing import canonical
from tests import cast
from tests.access.world import ADDRESSES
from tests.exchange.calls import NOBODY, call, code
from tests.exchange.origin import HERE, THERE, Keys
from tests.exchange.test_api import kyoto
from tests.exchange.world import World

pytestmark = pytest.mark.django_db
PROTOCOL = ("kx/v1/", "^kx/v1/", ".well-known/")


class Route(NamedTuple):
    """How a route is asked, and what comes of it; `{hash}`, `{ours}` and `{theirs}` are filled in.

    `says`: what the body is. `party`: by state, the status for a party of the agreement, or the code with
    which it is refused. `other`: the code for a partner that is not a party.
    """

    view: str
    method: str
    path: str
    party: dict[str, str]
    says: str = ""
    other: str = "not-found"


STATES = ("proposed", "active", "suspended", "partner suspended", "ended", "void")


def by_state(*outcomes: str) -> dict[str, str]:
    return dict(zip(STATES, outcomes, strict=True))


NONE, LATE, WAIT = "not-found", "agreement-conflict", "channel-suspended"
ALWAYS = by_state(*["200"] * 6)
READS = by_state(NONE, "200", WAIT, WAIT, "200", NONE)
GIVEN_BACK = by_state(NONE, "200", "200", "200", "200", NONE)  # what is the origin's own, whatever happens
ROUTES = (
    Route("exchange.key_set", "GET", "/.well-known/kx", ALWAYS),
    Route("exchange.agreement", "GET", "/agreements/{hash}", ALWAYS),
    Route("exchange.agreement", "PUT", "/agreements/{hash}", ALWAYS, "draft", "not-a-party"),
    Route("exchange.proofs", "POST", "/agreements/{hash}/proofs", {**ALWAYS, "void": LATE}, "proof"),
    Route(
        "exchange.termination",
        "POST",
        "/agreements/{hash}/termination",
        by_state(LATE, "200", "200", "200", LATE, LATE),
        "termination",
    ),
    Route("exchange.channel", "GET", "/channels/{ours}", READS),
    Route(
        "exchange.entries", "GET", "/channels/{ours}/entries?from=0", {**READS, "ended": "agreement-ended"}
    ),
    Route("exchange.entries", "GET", "/channels/{ours}/entries?from=0&parts=0", READS),
    Route("exchange.receipts", "POST", "/channels/{ours}/receipts", READS, "receipt"),
    Route("exchange.latest_receipt", "GET", "/channels/{ours}/receipts/latest", GIVEN_BACK),
    Route("exchange.latest_receipt", "GET", "/channels/{theirs}/receipts/latest", GIVEN_BACK),
    Route("exchange.purge", "POST", "/channels/{ours}/purge", {**READS, "active": "bad-request"}, "purge"),
    Route("recovery.entries", "GET", "/mirror/{theirs}/entries?from=0", GIVEN_BACK),
    Route("recovery.keysets", "GET", "/mirror/{theirs}/keysets", GIVEN_BACK),
    Route("proving.checkpoint", "GET", "/channels/{ours}/tlog/checkpoint", READS),
    Route("proving.tile", "GET", "/channels/{ours}/tlog/tile/0/000.p/1", READS),
    Route("proving.entries", "GET", "/channels/{ours}/tlog/tile/entries/000.p/1", READS),
)
METHODS = {route.view: {each.method for each in ROUTES if each.view == route.view} for route in ROUTES}


class Unsigned(World):
    """A world whose agreement is only proposed: the partner has signed it."""

    def take_draft(self, document: dict[str, Any]) -> None:
        self.receive(document)


def world_in(state: str, now: datetime) -> World:
    """An agreement in one of its states; an offer and a receipt crossed while it was in force."""
    if state in ("proposed", "void"):
        world: World = Unsigned(now)
        if state == "void":
            agreements.advance_due(now=now + timedelta(days=91))
        return world
    world = World(now)
    cast.offer(now, audience="agreements")
    world.origin.put()
    world.apply()
    assert outcome(ask(world, "POST", "/channels/{ours}/receipts", "receipt", world.origin.keys)) == "200"
    if state == "suspended":
        Agreement.objects.update(suspended=True)
    elif state == "partner suspended":
        agreements.suspend_partner(viewer=WORKER, node=THERE, suspended=True, now=now)
    elif state == "ended":
        Agreement.objects.update(ends=now - timedelta(seconds=1))
        agreements.advance_due(now=now)
        channels.close_due_channels(now=now)
    return world


# the callers


def nobody(world: World) -> None:
    """Signs nothing."""


def stranger(world: World) -> Keys:
    return Keys("nara.example")


def other_partner(world: World) -> Keys:
    """Confirmed here, and no party of this agreement."""
    return kyoto(world.now)


def with_revoked_key(world: World) -> Keys:
    keys = world.origin.keys
    document = rotation.following(
        world.origin.keyset,
        base=world.origin.keyset.base,
        now=world.now,
        add={key_id(THERE, "http-2"): ("http", Keys(THERE).http.public)},
        revoke=[rotation.revoked(key_id(THERE, "http-1"), world.now, COMPROMISED)],
    )
    data, roots = keys.signed(document, world.now), [keys.root.public]
    keysets.remember(node=THERE, data=data, roots=roots, now=world.now)
    return keys


def party(world: World) -> Keys:
    return world.origin.keys


CALLERS = (nobody, stranger, other_partner, with_revoked_key, party)
UNKNOWN = {"nobody": "sig-missing", "stranger": "key-unknown", "with_revoked_key": "key-revoked"}


def expected(route: Route, who: str, state: str) -> str:
    if route.view == "exchange.key_set":
        return "200"  # everybody's
    return {**UNKNOWN, "other_partner": route.other, "party": route.party[state]}[who]


# asking


def ask(world: World, method: str, path: str, says: str, keys: Keys | None) -> HttpResponse:
    names = {"ours": channel_name(HERE, world.origin.hash), "theirs": world.origin.channel}
    path, body = path.format(hash=world.origin.hash, **names), body_of(world, says)
    if keys is None or path.startswith("/.well-known"):
        return NOBODY.generic(method, path if path.startswith("/.") else "/kx/v1" + path, body)
    return call(method, path, keys=keys, now=world.now, body=body)


def body_of(world: World, says: str) -> bytes:
    """What the party itself would send: nothing is wrong with it but, perhaps, the sender or the time."""
    keys, document, now = world.origin.keys, world.origin.document, world.now
    if says == "draft":
        return canonical.encode({**document, "proof": [signatures.sign(document, THERE, keys.root, now)]})
    if says == "proof":
        return canonical.encode(signatures.sign(document, THERE, keys.root, now))
    if says == "termination":
        ending = signatures.termination(world.origin.hash, THERE, now, "cause", now)
        return canonical.encode({**ending, "proof": [signatures.sign(ending, THERE, keys.root, now)]})
    head = Channel.objects.filter(own=True).first()
    if not says or head is None:
        return b"{}" if says else b""
    note = checkpoint.parse(history.newest_note(head))
    cosigned = checkpoint.cosign(note, THERE, keys.log, int(now.timestamp()))
    if says == "receipt":
        return receipt.build(cosigned, erased=[], rejected=[])
    facts: dict[str, Any] = {"agreement": world.origin.hash, "by": THERE, "deleted": {}, "kept": {}}
    return purge.build(cosigned, signer=keys.signer(), now=now, **facts)


def view_of(function: Callable[..., Any]) -> str:
    """`exchange.entries` of the function `entries` in kakehashi/exchange/api.py."""
    return f"{function.__module__.split('.')[1]}.{function.__name__}"


def outcome(answer: HttpResponse) -> str:
    """The status of a success, else the code."""
    return code(answer) if "problem" in answer.headers.get("Content-Type", "") else str(answer.status_code)


@pytest.fixture
def now() -> datetime:
    """The routes read the clock themselves, so these tests live in the present."""
    return clock.now().replace(microsecond=0)


@pytest.mark.parametrize("state", STATES)
def test_each_route_answers_each_caller_in_each_state_as_the_table_says(state: str, now: datetime) -> None:
    world, found, wanted = world_in(state, now), {}, {}
    for who in CALLERS:
        with transaction.atomic():
            keys = who(world)
            for route in ROUTES:
                cell = (who.__name__, route.method, route.path)
                with transaction.atomic():  # each is asked as if nothing had been asked before
                    asked = ask(world, route.method, route.path, route.says, keys)
                    transaction.set_rollback(True)
                found[cell], wanted[cell] = outcome(asked), expected(route, who.__name__, state)
            transaction.set_rollback(True)
    assert found == wanted


def test_every_route_of_the_protocol_has_its_rows() -> None:
    """A route that is added without a row fails here."""
    reached = {view_of(pattern.callback) for name, route, pattern in ADDRESSES if route.startswith(PROTOCOL)}
    assert reached == {*METHODS, "exchange.unknown"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["", "nothing", "channels/no channel/entries", "agreements/a/b"])
def test_an_address_that_is_no_route_is_refused_like_all_else(path: str, method: str) -> None:
    answer = Client().generic(method, f"/kx/v1/{path}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert code(answer) == "not-found"


def test_a_route_knows_no_other_methods_than_those_of_its_rows(now: datetime) -> None:
    world = Unsigned(now)
    for route in ROUTES:
        for method in {"GET", "PUT", "POST", "DELETE", "PATCH"} - METHODS[route.view]:
            assert outcome(ask(world, method, route.path, "", None)) in ("405", "not-found"), route.path
