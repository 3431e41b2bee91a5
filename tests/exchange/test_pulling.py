"""Reading a partner over HTTP, whoever answers in its place: noted, nothing changed, tried again."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kakehashi import this
from kakehashi.exchange import pulling
from kakehashi.exchange.actions import feeding
from kakehashi.exchange.client import Client
from kakehashi.exchange.coding import encode
from kakehashi.exchange.keyset import key_id
from kakehashi.exchange.models import Evidence, Feed, KeySetVersion, Receipt
from kakehashi.exchange.trusting import own_signer
from kakehashi.signing.keys import PrivateKey
from tests.exchange.origin import THERE
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
Answer = tuple[int, dict[str, str], bytes]


class Handler(BaseHTTPRequestHandler):
    """Answers what the test says."""

    protocol_version = "HTTP/1.1"
    answer: Callable[[str, str], Answer]

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, body = type(self).answer(self.command, self.path)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def partner(answer: Callable[[str, str], Answer]) -> Iterator[Client]:
    """A server in the partner's place, and a client of this node that is led to it."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Chosen", (Handler,), {"answer": staticmethod(answer)})
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    table = this.node().folder / "peers.json"
    table.write_text(json.dumps({THERE: f"http://127.0.0.1:{server.server_address[1]}"}))
    client = Client(this.node(), demo=True, signer=lambda: own_signer("http"))
    try:
        yield client
    finally:
        client.close()
        table.unlink()
        server.shutdown()
        server.server_close()


def pull(world: World, client: Client, now: datetime | None = None) -> Feed:
    """One try; gives how reading stands."""
    pulling.pull(client, world.origin.channel, lambda: now or world.now, wait=0)
    return Feed.objects.get(pk=world.origin.channel)


def honest(world: World) -> Callable[[str, str], Answer]:
    """The partner as it should be: key set, feed, receipts."""

    def answer(method: str, path: str) -> Answer:
        if path.startswith("/.well-known/kx"):
            return 200, {}, world.origin.keyset.data
        if method == "POST":
            return 200, {}, b""
        start = int(path.partition("from=")[2].partition("&")[0])
        return 200, {"Content-Encoding": "zstd"}, encode(world.origin.feed(start), "zstd")

    return answer


def test_a_page_is_fetched_applied_and_acknowledged(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    with partner(honest(world)) as client:
        feed = pull(world, client)
    assert (feed.code, feed.failures, feed.receipt_size) == ("", 0, 2)
    assert world.theirs.size == 2
    assert Receipt.objects.get().size == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>\n<body>Sign in</body>\n</html>\n"), "not-canonical"),
        ((302, {"Location": "http://169.254.169.254/"}, b""), "redirected"),
        ((301, {"Location": "https://osaka.example/"}, b""), "redirected"),
        ((200, {"Content-Encoding": "zstd"}, b"\x28\xb5\x2f\xfd broken"), "not-canonical"),
        ((200, {"Content-Encoding": "br"}, b"x"), "unsupported-encoding"),
        ((200, {"Content-Encoding": "zstd"}, encode(bytes(1 << 26), "zstd")), "too-large"),
        ((200, {"Content-Encoding": "gzip"}, encode(bytes(1 << 26), "gzip")), "too-large"),
        ((200, {"Content-Length": "1000"}, b"cut"), "unreachable"),
        ((200, {}, b"x" * (1 << 20)), "too-large"),
        ((200, {}, b""), "not-canonical"),
        ((204, {}, b""), "bad-answer"),
        ((500, {}, b"oops"), "bad-answer"),
        ((404, {}, b'{"type":"urn:kx:err:<script>"}'), "bad-answer"),
        ((404, {}, b"[" * 100_000), "bad-answer"),
        ((403, {}, b'{"type":"urn:kx:err:channel-suspended"}'), "channel-suspended"),
        ((429, {}, b'{"type":"urn:kx:err:rate-limited"}'), "rate-limited"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_whatever_answers_in_the_partners_place_changes_nothing(
    now: datetime, answer: Answer, code: str
) -> None:
    world = World(now)
    world.origin.put(body=body())
    with partner(lambda method, path: answer) as client:
        feed = pull(world, client)
    assert (feed.code, feed.failures) == (code, 1)
    assert feed.next_try is not None
    assert now < feed.next_try <= now + timedelta(seconds=1)
    assert (world.theirs.size, world.theirs.state) == (0, "open")


def test_nobody_answering_is_unreachable(now: datetime) -> None:
    world = World(now)
    with partner(honest(world)) as client:
        table = this.node().folder / "peers.json"
        table.write_text(json.dumps({THERE: "http://127.0.0.1:9"}))
        assert pull(world, client).code == "unreachable"


@pytest.mark.parametrize(
    ("said", "least", "most"), [("40", 40, 40), ("86400", 300, 300), ("soon", 0.5, 1), ("-4", 0.5, 1)]
)
def test_a_partner_that_wants_to_be_left_alone_is_for_as_long_as_is_reasonable(
    now: datetime, said: str, least: float, most: float
) -> None:
    world = World(now)
    busy = (429, {"Retry-After": said}, b'{"type":"urn:kx:err:rate-limited"}')
    with partner(lambda method, path: busy) as client:
        feed = pull(world, client)
    assert feed.next_try is not None
    assert least <= (feed.next_try - now).total_seconds() <= most


def test_pauses_double_up_to_five_minutes_and_the_next_success_forgets_them(now: datetime) -> None:
    world = World(now)
    pauses = []
    with partner(lambda method, path: (503, {}, b'{"type":"urn:kx:err:overloaded"}')) as client:
        for _ in range(12):
            feed = pull(world, client)
            assert feed.next_try is not None
            pauses.append((feed.next_try - now).total_seconds())
    for i, pause in enumerate(pauses):
        assert min(300, 2**i) / 2 <= pause <= min(300, 2**i)
    with partner(honest(world)) as client:
        feed = pull(world, client)
    assert (feed.failures, feed.next_try, feed.code) == (0, None, "")


def test_an_origin_with_less_than_we_read_stops_the_channel(now: datetime) -> None:
    """Threat 23: the partner was restored from a backup; a person must look."""
    world = World(now)
    with partner(lambda method, path: (416, {}, b'{"type":"urn:kx:err:from-beyond-size"}')) as client:
        assert pull(world, client).code == "from-beyond-size"
    assert world.theirs.state == "stopped"
    assert Evidence.objects.get().code == "from-beyond-size"


def test_threat_19_a_rewritten_history_is_kept_as_evidence_and_stops_reading(now: datetime) -> None:
    """Threat 19: both notes are kept."""
    world = World(now)
    world.origin.put(body=body())
    with partner(honest(world)) as client:
        first = pull(world, client)
        kept = world.origin.lines[:1]
        world.origin.lines, world.origin.heads = kept, {}
        for _ in range(3):
            world.origin.put(body=body(title="別の歴史"))
        for _ in range(feeding.ALARM_AFTER):
            feed = pull(world, client)
    assert feed.code == "root-mismatch"
    assert world.theirs.state == "stopped"
    rows = Evidence.objects.order_by("pk")
    assert bytes(rows[0].ours).decode() == first.note
    assert bytes(rows[0].theirs).decode() == world.origin.note()
    assert world.theirs.size == 2


def test_an_altered_part_is_asked_for_again_and_refused_alone_after_five_times(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.origin.put(body=body(title="無事"))
    ask: list[str] = []

    def answer(method: str, path: str) -> Answer:
        status, headers, _ = honest(world)(method, path)
        ask.append(path)
        altered = world.origin.feed(0).replace("医薬".encode(), "医療".encode())
        return (
            (status, headers, encode(altered, "zstd")) if "entries" in path else honest(world)(method, path)
        )

    with partner(answer) as client:
        for _ in range(5):
            assert pull(world, client).code == "part-mismatch"
            assert world.theirs.size == 0
        assert pull(world, client).code == ""
    assert "limit=256" in ask[1]
    assert world.theirs.size == 3
    assert list(world.theirs.quarantined.values_list("index", "code")) == [(1, "part-mismatch")]


def test_a_new_log_key_is_learnt_when_the_checkpoint_asks_for_it(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    with partner(honest(world)) as client:
        pull(world, client)
        keys = world.origin.keys
        keys.log = PrivateKey.generate()
        ids = {**keys.ids(), key_id(THERE, "log-2"): ("log", keys.log.public)}
        del ids[key_id(THERE, "log-1")]
        world.origin.keyset = keys.keyset(now, keys=ids, version=2, prev=world.origin.keyset.hash)
        world.origin.put(body=body(title="新しい鍵"))
        feed = pull(world, client)
    assert (feed.code, world.theirs.size) == ("", 3)
    assert KeySetVersion.objects.filter(node=THERE).count() == 2


def test_missed_key_sets_are_fetched_one_after_the_other(now: datetime) -> None:
    world = World(now)
    keys, versions = world.origin.keys, {1: world.origin.keyset}
    for version in (2, 3, 4):
        versions[version] = keys.keyset(now, version=version, prev=versions[version - 1].hash)

    def answer(method: str, path: str) -> Answer:
        wanted = path.partition("version=")[2]
        return 200, {}, versions[int(wanted) if wanted else 4].data

    with partner(answer) as client:
        found = pulling.refresh(client, THERE, now, force=True)
    assert found is not None
    assert found.version == 4
    assert list(
        KeySetVersion.objects.filter(node=THERE).order_by("version").values_list("version", flat=True)
    ) == [
        1,
        2,
        3,
        4,
    ]


def test_an_older_or_foreign_key_set_is_not_taken(now: datetime) -> None:
    """Threat 9: roll-back and freeze."""
    world = World(now)
    keys = world.origin.keys
    second = keys.keyset(now, version=2, prev=world.origin.keyset.hash)
    with partner(lambda method, path: (200, {}, second.data)) as client:
        assert pulling.refresh(client, THERE, now, force=True) is not None
    for data in (world.origin.keyset.data, world.origin.here.keyset(now).data, b"{}"):
        with partner(lambda method, path, data=data: (200, {}, data)) as client:
            assert pulling.refresh(client, THERE, now, force=True) is None
    latest = KeySetVersion.objects.filter(node=THERE).order_by("-version")[0]
    assert bytes(latest.data) == second.data


def test_a_new_root_is_not_followed_without_a_person(now: datetime) -> None:
    """Threat 8."""
    world = World(now)
    keys, new = world.origin.keys, PrivateKey.generate()
    document = keys.document(now, root=[new.public], version=2, prev=world.origin.keyset.hash)
    data = keys.signed(document, now, keys.root, new)
    with partner(lambda method, path: (200, {}, data)) as client:
        assert pulling.refresh(client, THERE, now, force=True) is None
    assert KeySetVersion.objects.filter(node=THERE).count() == 1


def test_receipts_are_sent_at_most_once_a_minute_or_per_4096_entries(now: datetime) -> None:
    feed = Feed(note="x", receipt_size=10, receipt_at=now)
    second = timedelta(seconds=1)
    assert not feeding.receipt_due(feed, 11, now + 59 * second)
    assert feeding.receipt_due(feed, 11, now + 60 * second)
    assert not feeding.receipt_due(feed, 10, now + 600 * second)
    assert not feeding.receipt_due(feed, 10 + 4095, now)
    assert feeding.receipt_due(feed, 10 + 4096, now)
    assert feeding.receipt_due(Feed(note="x"), 1, now)
    assert not feeding.receipt_due(Feed(note=""), 1, now)
