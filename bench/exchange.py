"""The exchange at its full width, beside OAI-PMH and plain JSON: `python -m bench.exchange --records N`.

`--bootstrap` reads the whole log near and far and nothing else, into bench/results/bootstrap.json.

Two nodes are filled and sign; then copies of the reader's folder, as it was before anything came, read the
same log in different ways. EXCHANGE.md section 22 gives the floors, the plan the goals above them.
"""

import argparse
import json
import math
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.harness import RESULTS, Figure, publish, quantile
from bench.narrow import Network, narrow
from bench.relay import Line, relay

DELAY, BITS = 0.125, 100_000_000  # seconds each way, and a second
MOST_APPLIED = 8192  # records of the runs that need no network
SINGLE = 40  # publications whose way is timed
HELD_BACK = (
    "The slow line: a TCP relay of the bench's own holds bytes back 125 ms each way; handshakes of TCP are "
    "not held back. 100 Mbit/s: "
)
BY_TC = (
    "by `tc tbf` on the loopback device of the network namespace in which the reader is, both ways together."
)
BY_RELAY = "by a token bucket of the relay, each way (no tc: it needs Linux and root)."
Found = dict[str, Any]


class Copies:
    """Commands of both nodes, and of copies of the reader as it was before the first page."""

    def __init__(self, nodes: Any, folder: Path) -> None:
        self.nodes, self.folder, self.made = nodes, folder, 0
        self.network: Network | None = None  # in which the reader's commands run, if not in that of all

    def begin(
        self, side: str, step: str, node: Path | None = None, **arguments: Any
    ) -> subprocess.Popen[str]:
        chosen = {"KAKEHASHI_NODE": str(node)} if node else {}
        elsewhere = self.network.command() if self.network and side == "munich" else []
        return subprocess.Popen(
            [*elsewhere, sys.executable, "-m", "bench.exchange_steps", step, json.dumps(arguments)],
            env={**self.nodes.environment(side), **chosen},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, process: subprocess.Popen[str]) -> Found:
        out, errors = process.communicate()
        if process.returncode:
            raise SystemExit(f"{process.args}:\n{out}\n{errors[-4000:]}")
        found: Found = json.loads(out.splitlines()[-1])
        return found

    def run(self, side: str, step: str, node: Path | None = None, **arguments: Any) -> Found:
        print(f"… {step}", file=sys.stderr, flush=True)
        return self.end(self.begin(side, step, node, **arguments))

    def reader(self, port: int) -> Path:
        """A fresh copy of the reader that finds its partner at `port`."""
        self.made += 1
        copy = self.folder / f"reader-{self.made}"
        shutil.copytree(self.nodes.nodes["munich"].folder, copy)
        (copy / "peers.json").write_text(json.dumps({"osaka.example": f"http://127.0.0.1:{port}"}), "utf-8")
        return copy


def agree(copies: Copies, count: int) -> Found:
    """Fill the origin, sign an agreement, write the log; the reader stays as it is then."""
    nodes = copies.nodes
    copies.run("osaka", "fill", count=count)
    for side in nodes.nodes:
        nodes.do(side, "introduce")
        nodes.do(side, "ensure_keys")
    nodes.do("munich", "propose")
    nodes.do("munich", "deliver")
    nodes.do("osaka", "sign")
    nodes.do("osaka", "deliver")
    nodes.stop("munich")
    for helper in nodes.helpers.values():
        helper.stop()
    nodes.helpers.clear()
    return copies.run("osaka", "append")


def applied(copies: Copies, pages: Path, port: int) -> Found:
    """Verify and apply without a network: one process, two at once, one that is looked at."""
    one = copies.run("munich", "apply", copies.reader(port), path=str(pages), threads=2)
    ready = copies.folder / "ready"
    ready.mkdir()
    both = [
        copies.begin("munich", "apply", copies.reader(port), path=str(pages), ready=str(ready), workers=2)
        for _ in range(2)
    ]
    two = [copies.end(process) for process in both]
    looked_at = copies.run("munich", "apply", copies.reader(port), path=str(pages), profile=True)
    together = sum(each["entries"] for each in two) / max(each["seconds"] for each in two)
    return {"one": one, "two": together, "shares": looked_at["shares"]}


def far(copies: Copies, port: int, size: int, singles: int = SINGLE) -> Found:
    """The whole log, then single publications, over the slow line."""
    with slow_line(copies, port) as line:
        reader = copies.reader(line.port)
        copies.run("osaka", "forget_receipts")
        pulled = copies.run("munich", "pull", reader, size=size)
        by = HELD_BACK + (BY_TC if copies.network else BY_RELAY)
        found = {**pulled, "carried": sum(line.carried.values()), "by": by}
        return {**found, **_singles(copies, reader, singles)} if singles else found


@contextmanager
def slow_line(copies: Copies, port: int) -> Iterator[Line]:
    """A relay to `port` for the reader, who is in a narrow network meanwhile, if there is one."""
    with narrow(BITS) as copies.network:
        here = copies.network
        at = here.listen() if here else socket.create_server(("127.0.0.1", 0))
        with relay(port, at, delay=DELAY, rate=math.inf if here else BITS / 8) as line:
            yield line
    copies.network = None


def _singles(copies: Copies, reader: Path, count: int) -> Found:
    watching = copies.begin("munich", "watch", reader, count=count)
    begun = copies.run("osaka", "publish_some", count=count)
    seen = copies.end(watching)
    delays = [seen[record] - at for record, at in begun.items() if record in seen]
    if len(delays) < count * 0.9:
        raise SystemExit(f"only {len(delays)} of {count} publications came")
    return {"p50": quantile(delays, 0.5), "p99": quantile(delays, 0.99)}


def measure(count: int) -> Found:
    from tests.two_nodes.nodes import two_nodes

    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder) / "nodes", agreed=False) as nodes:
        copies, port = Copies(nodes, Path(folder)), nodes.ports["osaka"]
        written = agree(copies, count)
        size, pages = int(written["entries"]), Path(folder) / "pages"
        served = copies.run("osaka", "serve", path=str(pages), most=MOST_APPLIED)
        near = copies.reader(port)
        return {
            "written": written,
            "served": served,
            "near": copies.run("munich", "pull", near, size=size),
            "plain": copies.run("munich", "plain", near, size=MOST_APPLIED),
            "sickle": copies.run("munich", "harvest", near, port=port),
            "applied": applied(copies, pages, port),
            "rules": copies.run("osaka", "rules"),
            "far": far(copies, port, size),
        }


def bootstrap(count: int) -> Found:
    from tests.two_nodes.nodes import two_nodes

    with tempfile.TemporaryDirectory() as folder, two_nodes(Path(folder) / "nodes", agreed=False) as nodes:
        copies, port = Copies(nodes, Path(folder)), nodes.ports["osaka"]
        size = int(agree(copies, count)["entries"])
        near = copies.run("munich", "pull", copies.reader(port), size=size)
        return {"near": near, "far": far(copies, port, size, singles=0)}


def rate(found: Mapping[str, float], by: str = "seconds") -> float:
    return found["entries"] / found[by]


def figures(found: Found) -> list[Figure]:
    written, near, one, far = found["written"], found["near"], found["applied"]["one"], found["far"]
    plain, sickle, served, rules = found["plain"], found["sickle"], found["served"], found["rules"]
    return [
        Figure("end to end on loopback, all included", rate(near, "found"), "records/s", "> 1,500",
               rate(near, "found") / rate(sickle), "OAI-PMH by sickle"),
        Figure("… by the reader's processor time", rate(near, "busy"), "records/s", "",
               rate(near, "busy") / rate(plain, "busy"), "plain JSON into the same tables"),
        Figure("OAI-PMH harvest by sickle, parsed, not stored", rate(sickle), "records/s"),
        Figure("plain unsigned JSON pages into the same tables", rate(plain), "records/s"),
        Figure("… by the reader's processor time", rate(plain, "busy"), "records/s"),
        Figure("verify and apply, one process", rate(one), "records/s", "floor 3,000, goal 5,000"),
        Figure("… by its processor time", rate(one, "busy"), "records/s"),
        Figure("… the words of search, soon after, by processor time", rate(one, "words"), "records/s"),
        Figure("verify and apply, two processes, a node each", found["applied"]["two"], "records/s",
               "floor 5,000, goal 8,000", found["applied"]["two"] / rate(one), "one process"),
        Figure("rules alone: parse, verify, judge", rules["judge"], "records/s", "floor 3,000"),
        Figure("rules alone: sign, log, build", rules["build"], "records/s", "floor 4,000, goal 6,000"),
        Figure("write: decide, sign, append, commit", rate(written), "records/s"),
        Figure("… by its processor time", rate(written, "busy"), "records/s"),
        Figure("serve: build a page", served["serve"], "records/s"),
        *bootstraps(near, far),
        Figure("publish to visible at 250 ms, p50", far["p50"], "s", "≤ 0.5"),
        Figure("publish to visible at 250 ms, p99", far["p99"], "s", "≤ 2"),
        Figure("a record within a page, zstd", served["zstd"], "bytes", "≤ 600",
               served["raw"] / served["zstd"], "unpacked"),
        Figure("… all that the line carried", far["carried"] / far["entries"], "bytes/record", "≤ 600",
               sickle["bytes"] / (far["carried"] / far["entries"]), "its XML in OAI-PMH"),
        *memory(near),
    ]  # fmt: skip


def bootstraps(near: Found, far: Found) -> list[Figure]:
    size = f"{int(near['entries']):,} entries"
    slower = far["seconds"] / near["seconds"]
    return [
        Figure(f"bootstrap of {size} on loopback", near["seconds"], "s", "100,000: ≤ 30"),
        Figure("… until search finds all", near["found"], "s"),
        Figure(f"bootstrap of {size} at 250 ms and 100 Mbit/s", far["seconds"], "s", "100,000: ≤ 60", slower,
               "loopback (time)"),
        Figure("… until search finds all", far["found"], "s"),
        Figure("… all that the line carried", far["carried"] / 1e6, "MB", "100,000: ≤ 60"),
    ]  # fmt: skip


def memory(near: Found) -> list[Figure]:
    return [
        Figure("reader's memory at most (PSS)", near["pss"], "MiB", "≤ 150"),
        Figure("… before the first page", near["before"], "MiB"),
    ]


def notes(found: Found) -> list[str]:
    count, size = int(found["near"]["entries"]), found["served"]["raw"]
    shares = sorted(found["applied"]["shares"].items(), key=lambda item: -item[1])
    return [
        f"{count:,} entries of {size:,.0f} bytes with header; SQLite with synchronous=FULL.",
        "End to end: HTTP on loopback, next page fetched ahead, verification, reading tables, receipts, and "
        "then the words of search; reader and partner share the two cores.",
        f"Verify and apply: pages of 512 in memory, at most {MOST_APPLIED:,} records, all tables but "
        "the words of search, which the worker writes after the page. One process: a second thread reads "
        "the next page and verifies its signatures; two processes: one thread each.",
        found["far"]["by"],
        "Publish to visible: from before the record is made until the reader's transaction is committed.",
        "Where verify and apply spends its time: "
        + "; ".join(f"{name} {share:.0%}" for name, share in shares)
        + ".",
        *_proving(),
    ]


def _proving() -> list[str]:
    """What `bench proving` measured last, named with its date."""
    try:
        known = json.loads((RESULTS / "proving.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    said = "; ".join(f"{each['name']}: {each['value']:,.3g} {each['unit']}" for each in known["figures"])
    return [f"A log of a million (bench proving, {known['date']}, {known['commit']}): {said}."]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exchange")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--bootstrap", action="store_true", help="read the whole log near and far, no more")
    asked = parser.parse_args()
    if asked.bootstrap:
        found = bootstrap(asked.records)
        publish("bootstrap", [*bootstraps(**found), *memory(found["near"])], [found["far"]["by"]])
    else:
        found = measure(asked.records)
        publish("exchange", figures(found), notes(found))


if __name__ == "__main__":
    main()
