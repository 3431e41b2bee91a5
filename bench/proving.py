"""P8: `prove` and `verify` of one record in a log of a million entries, and what the tiles are worth."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.harness import Figure, publish

ENTRIES = int(os.environ.get("KAKEHASHI_BENCH_ENTRIES", "1000000"))
TIMES = 40
AT_ONCE = 20_000


def lengthen(count: int) -> None:
    """Entries in this node's log up to `count`. Short stand-ins: no proof of another entry reads them."""
    from django.db import transaction

    from kakehashi.exchange.log import frontier, leaf_hash
    from kakehashi.exchange.models import Channel, Entry, Head

    channel = Channel.objects.get(own=True)
    grown = frontier(channel.size, bytes(channel.frontier))
    while grown.size < count:
        numbers = range(grown.size, min(count, grown.size + AT_ONCE))
        rows = [(i, b'{"op":"agreement","i":%d}' % i) for i in numbers]
        leaves = [leaf_hash(data) for _, data in rows]
        with transaction.atomic():
            Entry.objects.bulk_create(
                (
                    Entry(channel=channel, index=i, leaf=leaf, header=data, op="agreement")
                    for (i, data), leaf in zip(rows, leaves, strict=True)
                ),
                batch_size=2000,
            )
        grown = grown.extend(leaves)
    channel.size, channel.frontier = grown.size, grown.to_bytes()
    channel.save()
    Head.objects.create(channel=channel, size=grown.size, root=grown.root())


def acknowledge(keys: str) -> None:
    """The partner's receipt for all of it, signed with the partner's own key."""
    from kakehashi import clock
    from kakehashi.exchange import checkpoint, queries, receipt
    from kakehashi.exchange.actions import feeding
    from kakehashi.exchange.models import Channel
    from kakehashi.signing.keyring import Keyring

    now, channel = clock.now(), Channel.objects.get(own=True)
    head = queries.signed_head(channel, channel.size)
    cosigned = checkpoint.cosign(head, "osaka.example", Keyring(Path(keys)).key("log"), int(now.timestamp()))
    data = receipt.build(cosigned, erased=[], rejected=[])
    feeding.take_receipt(channel=channel, peer="osaka.example", data=data, now=now)


def measure(record: str, keys: str, count: int) -> dict[str, float]:
    """Milliseconds of each step, in a process that has started."""
    from uuid import UUID

    from kakehashi import clock
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.exchange import history
    from kakehashi.exchange.log import Frontier
    from kakehashi.exchange.models import Channel
    from kakehashi.proving import actions, bundle, queries
    from kakehashi.proving.verify import verify
    from kakehashi.recovery import checking

    lengthen(count)
    acknowledge(keys)
    began = time.perf_counter()
    actions.fill(now=clock.now())
    filled = time.perf_counter() - began

    def prove() -> bytes:
        return queries.prove(WORKER, "munich.example", UUID(record), clock.now())

    made = prove()
    proof = bundle.read(made)["proofs"][0]
    channel = Channel.objects.get(own=True)
    began = time.perf_counter()
    Frontier().extend(history.leaves(channel, 0, channel.size)).root()
    naive = time.perf_counter() - began
    began, worked = time.perf_counter(), time.process_time()
    wrong = checking.logs()
    checked, busy = time.perf_counter() - began, time.process_time() - worked
    if wrong:
        raise SystemExit(str(wrong))
    return {
        "check": checked,
        "check_cpu": busy,
        **milliseconds("prove", prove),
        **milliseconds("verify", lambda: verify(made)),
        "fill": filled * 1000,
        "naive": naive * 1000,
        "proof": len(proof),
        "bundle": len(made),
    }


def milliseconds(name: str, call: Callable[[], object]) -> dict[str, float]:
    """The median of many calls: by the clock, and of the processor alone."""
    spent = []
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.process_time()
        call()
        spent.append((time.perf_counter() - began, time.process_time() - worked))
    clock, processor = (statistics.median(each) * 1000 for each in zip(*spent, strict=True))
    return {name: clock, f"{name}_cpu": processor}


def main() -> None:
    from tests.two_nodes.nodes import two_nodes

    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder)) as nodes:
        _, offer = nodes.do("munich", "publish")
        facts = {"record": offer, "keys": str(nodes.nodes["osaka"].key_folder), "count": ENTRIES}
        for side in list(nodes.web):
            nodes.stop(side)
        done = subprocess.run(
            [sys.executable, "-m", "bench.proving", json.dumps(facts)],
            env=nodes.environment("munich"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        found = json.loads(done.stdout.splitlines()[-1])
    publish(
        "proving",
        [
            Figure("prove one record, median", found["prove"], "ms", "≤ 50", found["naive"] / found["prove"],
                   "reckoning the root from all leaves"),
            Figure("… of the processor", found["prove_cpu"], "ms"),
            Figure("verify its proof, median", found["verify"], "ms", "≤ 50"),
            Figure("… of the processor", found["verify_cpu"], "ms"),
            Figure("the inclusion proof with the cosigned checkpoint", found["proof"], "bytes", "≤ 2,048"),
            Figure("the whole bundle, with agreement and key sets", found["bundle"], "bytes"),
            Figure("check at the start: the root from all leaves", found["check"], "s", "≤ 5"),
            Figure("… of the processor", found["check_cpu"], "s"),
            Figure("store the hashes of all tiles, once", found["fill"], "ms"),
        ],
        [
            f"{ENTRIES:,} entries on SQLite; most are short stand-ins, which no other proof reads.",
            "Prove also verifies what it made. Both in a process that has started.",
        ],
    )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
        django.setup()
        print(json.dumps(measure(**json.loads(sys.argv[1]))))
    else:
        main()
