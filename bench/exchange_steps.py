"""The steps of the exchange's benchmark, each run by bench.exchange in a process of one node."""

import json
import os
import pickle
import random
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

PAGE = 512
RULES = 2000
PIECES = {
    ("signing/keys.py", "verify"): "signatures (Ed25519, libsodium)",
    ("exchange/verify.py", "judge"): "judging: parts, root, chains, header, policy",
    ("exchange/page.py", "parse"): "lines: parse, canonical form",
    ("exchange/page.py", "split_lines"): "lines: parse, canonical form",
    ("records/schema.py", "problems"): "form of the bodies",
    ("work/rows.py", "insert"): "rows into the tables",
    ("db/transaction.py", "__exit__"): "commit, with fsync",
}


def texts(length: int) -> Iterator[dict[str, Any]]:
    """Wordings of `length` characters: sentences of the demonstration's Japanese offers, drawn at random."""
    from kakehashi.text.sentences import sentences

    path = files("kakehashi") / "data" / "demonstration" / "osaka" / "offers.jsonl"
    offers = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    known = [sentence.text for offer in offers for sentence in sentences(offer["body"])]
    draw = random.Random(length)  # the same in every run
    while True:
        text = ""
        while len(text) < length:
            text += draw.choice(known)
        yield {"ja": {"text": text[:length], "origin": "original"}}


# the origin


def fill(count: int) -> dict[str, float]:
    """Write `count` published offers, with one organisation, straight into the tables of records."""
    from uuid import uuid4

    from tests import cast

    from kakehashi import clock, this
    from kakehashi.outlets.jobs import notice
    from kakehashi.records.actions.readings import Face, store
    from kakehashi.records.models import Record, Revision

    now = clock.now()
    cast.HERE = this.node().name
    owner = cast.organisation(now, name="大阪製薬", region="JP-27")
    wordings = texts(480)
    facts = {"kind": "offer", "owner": owner.id, "state": "published", "audience": "public", "tlp": "CLEAR"}
    dates = {"published_at": now, "created_at": now, "changed_at": now, "expires_at": now + timedelta(365)}
    rows = [Record(id=uuid4(), onward="public", revision=1, **facts, **dates) for _ in range(count)]
    Record.objects.bulk_create(rows, batch_size=200)
    bodies = [
        {**cast.offer_body(owner, title=f"抗体 {i}", body=next(wordings)), "revision": 1}
        for i in range(count)
    ]
    revised = (
        Revision(record=row, number=1, body=body, at=now, by="bench")
        for row, body in zip(rows, bodies, strict=True)
    )
    Revision.objects.bulk_create(revised, batch_size=200)
    node = this.node()
    shown = {"key": None, "origin": node.name, "own": True, "side": node.side, "revision": 1, "person": None}
    same = ("state", "audience", "tlp", "onward", "published_at", "expires_at", "changed_at")
    faces = [
        Face(
            record=row.id,
            body=body,
            regions=["JP-27"],
            **shown,
            **{name: getattr(row, name) for name in same},
        )
        for row, body in zip(rows, bodies, strict=True)
    ]
    for start in range(0, count, PAGE):
        store(faces[start : start + PAGE], now)
    notice(now)
    return {"count": count}


def append() -> dict[str, float]:
    """Open the channel and write all that may cross: decide, sign, append, commit."""
    from kakehashi import clock
    from kakehashi.exchange.actions import channels
    from kakehashi.exchange.models import Channel

    began, worked = time.perf_counter(), time.process_time()
    channels.open_due_channels(now=clock.now())
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    return {"entries": Channel.objects.get(own=True).size, "seconds": seconds, "busy": busy}


def serve(path: str, most: int) -> dict[str, float]:
    """Build pages as the partner gets them, up to `most` entries, and keep them in `path`."""
    from kakehashi import clock
    from kakehashi.exchange import coding, queries
    from kakehashi.exchange.models import Channel

    name = Channel.objects.get(own=True).name
    channel, standing = queries.for_reader(name, "munich.example", clock.now())
    pages, start, seconds = [], 0, 0.0
    while start < min(most, channel.size):
        began = time.perf_counter()
        data = queries.page(
            channel, standing, "munich.example", start=start, limit=PAGE, with_parts=True, now=clock.now()
        )
        seconds += time.perf_counter() - began
        pages.append(data)
        start += data.count(b"\n") - 1
    Path(path).write_bytes(pickle.dumps(pages))
    lines = pages[0].count(b"\n") - 1
    packed = len(coding.encode(pages[0], "zstd"))
    return {"raw": len(pages[0]) / lines, "zstd": packed / lines, "serve": start / seconds}


def forget_receipts() -> dict[str, float]:
    """Another copy of the reader begins anew: what the one before acknowledged is taken out."""
    from kakehashi.exchange.models import Receipt

    return {"forgotten": Receipt.objects.all().delete()[0]}


def publish_some(count: int) -> dict[str, float]:
    """Publish single offers at random moments; gives when each was begun, by id."""
    from tests import cast

    from kakehashi import clock, this
    from kakehashi.records.models import Record

    owner = Record.objects.get(kind="organisation")
    cast.HERE = this.node().name
    begun = {}
    for number in range(count):
        time.sleep(random.uniform(0.4, 1.2))
        began = time.time()
        record = cast.offer(clock.now(), owner, title=f"単発 {number}", audience="public")
        begun[str(record.id)] = began
    return begun


# the reader


def _ready() -> Any:
    """The one channel to read, in a process like a worker: term base loaded, few looks for garbage."""
    from kakehashi import clock
    from kakehashi.exchange import jobs
    from kakehashi.matching.glossary import shipped
    from kakehashi.work.memory import look_rarely

    shipped()
    jobs.client()
    jobs.follow_agreements(clock.now())
    look_rarely()
    (channel,) = jobs.due_channels(clock.now())
    return channel


def _pss() -> float:
    """MiB of this process, what it shares with others counted in parts; 0 where the system does not tell."""
    try:
        rows = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("Pss:")), 0.0)


def pull(size: int) -> dict[str, float]:
    """Read the partner's channel up to `size`: HTTP, verify, apply, commit, acknowledge; then the words.

    `seconds` until all is shown, `found` until search finds all, which the worker sees to meanwhile.
    """
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling
    from kakehashi.exchange.ahead import Ahead
    from kakehashi.exchange.models import Feed
    from kakehashi.matching.actions import write_waiting

    name, ahead = _ready().name, Ahead()
    before, most, done = _pss(), [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            most[0] = max(most[0], _pss())

    threading.Thread(target=look, daemon=True).start()
    began, worked, entries = time.perf_counter(), time.process_time(), 0
    while entries < size:
        got = pulling.pull(jobs.client(), name, clock.now, wait=0, ahead=ahead)
        if not got:
            feed = Feed.objects.get(pk=name)
            raise SystemExit(f"at {entries}: {feed.code} {feed.detail}")
        entries += got
    seconds = time.perf_counter() - began
    write_waiting()
    found, busy = time.perf_counter() - began, time.process_time() - worked
    done.set()
    return {
        "entries": entries,
        "seconds": seconds,
        "found": found,
        "busy": busy,
        "pss": max(most[0], _pss()),
        "before": before,
    }


def watch(count: int) -> dict[str, float]:
    """Wait with long polls until `count` more records are shown; gives when each was committed, by id."""
    from django.db import transaction

    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling
    from kakehashi.exchange.ahead import Ahead
    from kakehashi.records import ports

    name, ahead, seen = _ready().name, Ahead(), {}

    def note(readings: Any, gone: bool) -> None:
        ids = [str(reading.record) for reading in readings]
        transaction.on_commit(lambda: seen.update({each: time.time() for each in ids if each not in seen}))

    ports.on_readings(note)
    until = time.monotonic() + 20 + 3 * count
    while len(seen) < count and time.monotonic() < until:
        pulling.pull(jobs.client(), name, clock.now, wait=25, ahead=ahead)
    return seen


def apply(
    path: str, ready: str = "", workers: int = 1, threads: int = 1, profile: bool = False
) -> dict[str, Any]:
    """Verify and apply the pages in `path`; with others, begin when all have left a file in `ready`.

    As when pages are pulled, the next one is read and its signatures verified while one is applied; where
    processes are compared or looked at, there is one thread.
    """
    from contextlib import nullcontext

    from bench.shares import sampled
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling, verify
    from kakehashi.exchange import page as pages
    from kakehashi.exchange.actions import applying
    from kakehashi.exchange.ahead import Ahead
    from kakehashi.matching.actions import write_waiting

    channel = _ready()
    keys = pulling.refresh(jobs.client(), channel.origin, clock.now())
    kept, limits, ahead = pickle.loads(Path(path).read_bytes()), pages.Limits(), Ahead()

    def read(number: int, start: int) -> pages.Page:
        page = pages.parse(pages.split_lines([kept[number]], limits), start, limits)
        verify.ahead(page, keys)
        return page

    if ready:
        (Path(ready) / str(os.getpid())).touch()
        while len(list(Path(ready).iterdir())) < workers:
            time.sleep(0.001)
    start = 0
    with sampled(PIECES, "the rest: ORM, objects, notes") if profile else nullcontext({}) as shares:
        began, worked = time.perf_counter(), time.process_time()
        for number in range(len(kept)):
            page = ahead.take(start) or read(number, start)
            if threads > 1 and number + 1 < len(kept):
                ahead.ask(page.next, partial(read, number + 1, page.next))
            applying.apply_page(name=channel.name, page=page, now=clock.now())
            start = page.next
        seconds, busy = time.perf_counter() - began, time.process_time() - worked
    began = time.process_time()
    write_waiting()
    whole = sum(shares.values()) or 1
    return {
        "entries": start,
        "seconds": seconds,
        "busy": busy,
        "words": time.process_time() - began,
        "shares": {name: spent / whole for name, spent in shares.items()},
    }


# the alternatives


def plain(size: int) -> dict[str, float]:
    """The same bodies as unsigned JSON lines, parsed and shown: no log, no signature, no commitment."""
    from uuid import UUID, uuid4

    import orjson

    from kakehashi import clock
    from kakehashi.exchange.models import Part
    from kakehashi.records import actions
    from kakehashi.records.actions import Arrival, Crossing

    _ready()
    now = clock.now()
    parts = Part.objects.filter(channel__own=False).order_by("index")[:size]
    lines = [orjson.dumps({"id": str(uuid4()), "body": orjson.loads(bytes(part.data))}) for part in parts]
    crossing = Crossing("plain", "plain", "c1", 0, "none", "GREEN", now + timedelta(days=1))
    began, worked = time.perf_counter(), time.process_time()
    for start in range(0, len(lines), PAGE):
        values = map(orjson.loads, lines[start : start + PAGE])
        arrivals = [
            Arrival(UUID(value["id"]), value["body"], None, ["JP-27"], now, None, crossing)
            for value in values
        ]
        actions.receive_all(origin="plain.example", side="plain", arrivals=arrivals, now=now)
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    return {"entries": len(lines), "seconds": seconds, "busy": busy}


def harvest(port: int) -> dict[str, float]:
    """The same records by OAI-PMH with sickle: fetched and parsed, not stored anywhere."""
    from sickle import Sickle

    began, worked, size = time.perf_counter(), time.process_time(), 0
    count = 0
    for record in Sickle(f"http://127.0.0.1:{port}/oai").ListRecords(metadataPrefix="kakehashi"):
        count, size = count + 1, size + len(record.raw)
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    return {"entries": count, "seconds": seconds, "busy": busy, "bytes": size / max(count, 1)}


def rules() -> dict[str, float]:
    """Sign, log and build `RULES` records in memory; then parse, verify and judge them."""
    from tests.exchange.origin import Origin

    from kakehashi import clock
    from kakehashi.exchange import verify
    from kakehashi.exchange.page import Limits, parse, split_lines

    wordings = texts(560)
    origin = Origin(clock.now())
    began = time.process_time()
    for _ in range(RULES):
        origin.put(body={"title": "抗体", "text": next(wordings)})
    feed = origin.feed()
    built = time.process_time() - began
    limits = Limits(lines=RULES + 1)
    began = time.process_time()
    page = parse(split_lines([feed], limits), 0, limits)
    verify.judge(page, origin.start(), {}, origin.trust())
    return {"build": RULES / built, "judge": RULES / (time.process_time() - began)}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
    django.setup()
    from kakehashi.work.memory import live_small

    live_small()
    print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
