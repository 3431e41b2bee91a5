"""Records per second from one node's database to another's, what signing costs, and bytes on the wire."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from bench.harness import Figure, publish

RECORDS = int(os.environ.get("KAKEHASHI_BENCH_RECORDS", "1500"))
PAGE = 512
RULES = 2000


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


# in a process of one node


def fill(count: int) -> dict[str, float]:
    """Write `count` published offers, with one organisation, straight into the tables of records."""
    from uuid import uuid4

    from tests import cast

    from kakehashi import clock, this
    from kakehashi.records.actions import rebuild
    from kakehashi.records.models import Record, Revision

    now = clock.now()
    cast.HERE = this.node().name
    owner = cast.organisation(now, name="大阪製薬", region="JP-27")
    wordings = texts(480)
    rows = [
        Record(
            id=uuid4(),
            kind="offer",
            owner=owner.id,
            state="published",
            audience="public",
            tlp="CLEAR",
            onward="public",
            revision=1,
            published_at=now,
            expires_at=now + timedelta(days=365),
            created_at=now,
            changed_at=now,
        )
        for _ in range(count)
    ]
    Record.objects.bulk_create(rows, batch_size=200)
    Revision.objects.bulk_create(
        (
            Revision(
                record=row,
                number=1,
                body={**cast.offer_body(owner, title=f"抗体 {i}", body=next(wordings)), "revision": 1},
                at=now,
                by="bench",
            )
            for i, row in enumerate(rows)
        ),
        batch_size=200,
    )
    rebuild(now=now)
    return {"count": count}


def append() -> dict[str, float]:
    """Open the channel and write all that may cross: decide, sign, append, commit."""
    from kakehashi import clock
    from kakehashi.exchange.actions import channels
    from kakehashi.exchange.models import Channel

    began = time.perf_counter()
    channels.open_due_channels(now=clock.now())
    seconds = time.perf_counter() - began
    return {"entries": Channel.objects.get(own=True).size, "seconds": seconds}


def pull() -> dict[str, float]:
    """Read the partner's channel to its end: HTTP, verify, apply, commit."""
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling
    from kakehashi.matching.glossary import shipped

    shipped()  # the term base, which a worker reads once in its life
    jobs.follow_agreements(clock.now())
    (channel,) = jobs.due_channels(clock.now())
    began, processor, entries = time.perf_counter(), time.process_time(), 0
    while got := pulling.pull(jobs.client(), channel.name, clock.now, wait=0):
        entries += got
    seconds, busy = time.perf_counter() - began, time.process_time() - processor
    return {"entries": entries, "seconds": seconds, "busy": busy}


def plain(count: int) -> dict[str, float]:
    """The same bodies as unsigned JSON lines, parsed and shown: no log, no signature, no commitment."""
    from uuid import UUID, uuid4

    import orjson

    from kakehashi import clock
    from kakehashi.exchange.models import Part
    from kakehashi.matching.glossary import shipped
    from kakehashi.records import actions
    from kakehashi.records.actions import Arrival, Crossing

    shipped()
    now = clock.now()
    parts = Part.objects.filter(channel__own=False).order_by("index")
    lines = [orjson.dumps({"id": str(uuid4()), "body": orjson.loads(bytes(part.data))}) for part in parts]
    crossing = Crossing("plain", "plain", "c1", 0, "none", "GREEN", now + timedelta(days=1))
    began = time.perf_counter()
    for start in range(0, len(lines), PAGE):
        values = map(orjson.loads, lines[start : start + PAGE])
        arrivals = [
            Arrival(UUID(value["id"]), value["body"], None, ["JP-27"], now, None, crossing)
            for value in values
        ]
        actions.receive_all(origin="plain.example", side="plain", arrivals=arrivals, now=now)
    return {"entries": len(lines), "seconds": time.perf_counter() - began}


def wire() -> dict[str, float]:
    """Bytes of the first full page, as it is and packed."""
    from kakehashi import clock
    from kakehashi.exchange import coding, queries
    from kakehashi.exchange.models import Channel

    name = Channel.objects.get(own=True).name
    channel, standing = queries.for_reader(name, "munich.example", clock.now())
    began = time.perf_counter()
    data = queries.page(
        channel, standing, "munich.example", start=0, limit=PAGE, with_parts=True, now=clock.now()
    )
    seconds = time.perf_counter() - began
    lines = data.count(b"\n") - 1
    return {
        "raw": len(data) / lines,
        "zstd": len(coding.encode(data, "zstd")) / lines,
        "serve": lines / seconds,
    }


# the rules alone


def rules() -> dict[str, float]:
    """Sign, log and build `RULES` records in memory; then parse, verify and judge them."""
    from tests.exchange.origin import Origin

    from kakehashi import clock
    from kakehashi.exchange import verify
    from kakehashi.exchange.page import Limits, parse, split_lines

    wordings = texts(560)
    origin = Origin(clock.now())
    began = time.perf_counter()
    for _ in range(RULES):
        origin.put(body={"title": "抗体", "text": next(wordings)})
    feed = origin.feed()
    built = time.perf_counter() - began
    limits = Limits(lines=RULES + 1)
    began = time.perf_counter()
    page = parse(split_lines([feed], limits), 0, limits)
    verify.judge(page, origin.start(), {}, origin.trust())
    return {"build": RULES / built, "judge": RULES / (time.perf_counter() - began)}


def main() -> None:
    from tests.two_nodes.nodes import two_nodes

    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder), agreed=False) as nodes:
        run = _runner(nodes)
        run("osaka", "fill", count=RECORDS)
        for side in nodes.nodes:
            nodes.do(side, "introduce")
            nodes.do(side, "ensure_keys")
        nodes.do("munich", "propose")
        nodes.do("munich", "deliver")
        nodes.do("osaka", "sign")
        nodes.do("osaka", "deliver")
        written, size = run("osaka", "append"), run("osaka", "wire")
        read = run("munich", "pull")
        unsigned = run("munich", "plain", count=RECORDS)
        alone = run("osaka", "rules")
    end_to_end, without = read["entries"] / read["seconds"], unsigned["entries"] / unsigned["seconds"]
    publish(
        "exchange",
        [
            Figure(
                "end to end, two databases",
                end_to_end,
                "records/s",
                "> 1,500",
                end_to_end / without,
                "plain JSON",
            ),
            Figure("the reader alone, by its processor time", read["entries"] / read["busy"], "records/s"),
            Figure("the same bodies as plain unsigned JSON", without, "records/s"),
            Figure(
                "write: decide, sign, append, commit", written["entries"] / written["seconds"], "records/s"
            ),
            Figure("serve: build a page", size["serve"], "records/s"),
            Figure("rules alone: sign, log, build", alone["build"], "records/s", "≥ 4,000"),
            Figure("rules alone: parse, verify, judge", alone["judge"], "records/s", "≥ 3,000"),
            Figure(
                "on the wire, zstd",
                size["zstd"],
                "bytes/record",
                "≤ 600",
                size["raw"] / size["zstd"],
                "unpacked",
            ),
        ],
        [
            f"{RECORDS} records of {size['raw']:.0f} bytes with header; one transaction a page.",
            "End to end: HTTP on loopback, verification, reading tables, search rows, receipts; one process.",
            "The term base is in memory, as in a running worker; texts are drawn from the demonstration's.",
        ],
    )


def _runner(nodes: Any) -> Callable[..., dict[str, float]]:
    def run(side: str, name: str, **arguments: Any) -> dict[str, float]:
        done = subprocess.run(
            [sys.executable, "-m", "bench.exchange", name, json.dumps(arguments)],
            env=nodes.environment(side),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{name}:\n{done.stdout}\n{done.stderr}")
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
        django.setup()
        print(json.dumps(globals()[sys.argv[1]](**json.loads(sys.argv[2]))))
    else:
        main()
