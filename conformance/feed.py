"""Cases S, E and T: the status of a log, its pages, and its tiles for auditors."""

import time

from conformance.kit import Run, case, must, refused
from kakehashi.errors import RecordError
from kakehashi.exchange import checkpoint, header
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Line, Page
from kakehashi.exchange.verify import header_hash, verify_header
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment_of_bytes

MOST = 20_000  # entries that a run reads


def check_head(run: Run, note: str, size: int) -> checkpoint.Checkpoint:
    """A checkpoint of this log and size, signed by a log key of the node."""
    head = checkpoint.parse(note)
    must(head.origin == run.channel.removeprefix("/channels/"), "a checkpoint of another log")
    must(head.size == size, f"a checkpoint of size {head.size}, not {size}")
    checkpoint.verify_signature(head, run.keys.all_of("log"))
    return head


def check_page(run: Run, page: Page, before: Frontier) -> Frontier:
    """The frontier after a page whose root is the signed one."""
    after = before.extend([leaf_hash(line.data) for line in page.lines])
    must(check_head(run, page.note, page.next).root == after.root(), "the root is not the signed one")
    return after


@case("S1", "the status tells size, checkpoint, epoch and state")
def status(run: Run) -> None:
    facts = run.call("GET", run.channel).json()
    must({"size", "checkpoint", "epoch", "state"} <= facts.keys(), f"members {sorted(facts)}")
    check_head(run, facts["checkpoint"], facts["size"])


@case("S2", "logs that one may not know of are not found, whether they are there or not")
def not_found(run: Run) -> None:
    node = run.keys.node
    for path in (f"/channels/{node}/kx/0123456789abcdef/0", f"/channels/{run.me.node}/kx/0123456789abcdef/0"):
        for rest in ("", "/entries?from=0", "/receipts/latest"):
            refused(run.call("GET", path + rest), "not-found")
    refused(run.call("GET", run.channel[:-1] + "9"), "not-found")


@case("E1", "the whole log from its beginning: canonical lines, no gap, the signed root")
def whole_log(run: Run) -> None:
    grown, size = Frontier(), run.size
    while grown.size < min(size, MOST):
        grown = check_page(run, run.page(grown.size, "&limit=2048&parts=0"), grown)


@case("E2", "the first entry brings the keys into force")
def first_entry(run: Run) -> None:
    first = run.first_page.lines[0].header
    must(first["op"] == "keyset", f"the first entry is {first['op']}")


@case("E3", "every entry has the shape of its operation and is signed by a record key of the origin")
def signatures(run: Run) -> None:
    for line in run.first_page.lines:
        header.check(line.header)
        must(line.header["origin"] == run.keys.node, "a record of another origin (threat 15)")
        must(any(_verifies(line, keys) for keys in run.every_keys), f"entry {line.index} is not signed")


def _verifies(line: Line, keys: KeySet) -> bool:
    try:
        verify_header(line.header, keys)
    except RecordError:
        return False
    return True


@case("E4", "every part is what its header commits to, and no header commits to less than it gives")
def parts(run: Run) -> None:
    for line in run.first_page.lines:
        committed = line.header.get("parts", {}) if line.header["op"] == "put" else {}
        for name, part in line.parts.items():
            must(commitment_of_bytes(part.salt, part.data) == committed.get(name), f"entry {line.index}")


@case("E5", "revisions of a record follow each other by number and hash")
def chains(run: Run) -> None:
    newest: dict[str, tuple[int, str]] = {}
    for line in run.first_page.lines:
        if "id" in line.header:
            rev, before = newest.get(line.header["id"], (0, None))
            must((line.header["rev"], line.header["prev"]) == (rev + 1, before), f"entry {line.index}")
            newest[line.header["id"]] = (rev + 1, header_hash(line.data))


@case("E6", "headers alone are given on demand, and are the same")
def headers_alone(run: Run) -> None:
    bare = run.page(0, "&parts=0")
    must(all(not line.parts for line in bare.lines), "parts came along")
    must([line.data for line in bare.lines] == [line.data for line in run.first_page.lines], "other headers")


@case("E7", "a page from the middle continues the tree")
def from_the_middle(run: Run) -> None:
    first = leaf_hash(run.first_page.lines[0].data)
    check_page(run, run.page(1, "&parts=0&limit=2048"), Frontier().append(first))


@case("E8", "at the end of the log a page is a trailer alone")
def at_the_end(run: Run) -> None:
    size = run.size
    page = run.page(size)
    must(page.next >= size and len(page.lines) == page.next - size, "not the end")


@case("E9", "beyond the end of the log is an error of its own (threat 23)")
def beyond(run: Run) -> None:
    refused(run.call("GET", f"{run.channel}/entries?from={run.size + 1000}"), "from-beyond-size")


@case("E10", "numbers out of range are refused")
def out_of_range(run: Run) -> None:
    for query in ("from=-1", "from=x", "from=1e3", "from=9999999999999999999", "from=0&limit=1",
                  "from=0&limit=300", "from=0&limit=4096", "from=0&wait=26", "from=0&wait=-1"):  # fmt: skip
        refused(run.call("GET", f"{run.channel}/entries?{query}"), "bad-request", "page-limit")


@case("E11", "a limit is kept, and pages end where a checkpoint is")
def limit(run: Run) -> None:
    page = run.page(0, "&limit=256&parts=0")
    must(len(page.lines) <= 256, f"{len(page.lines)} entries")
    must(page.next % 256 == 0 or page.next >= run.size, "the page ends between checkpoints")


@case("E12", "zstd, gzip and no coding give the same page; others are not needed")
def codings(run: Run) -> None:
    path = f"{run.channel}/entries?from=0&parts=0"
    for accepted, coding in (("zstd", "zstd"), ("gzip", "gzip"), ("identity", ""), ("br", ""), ("", "")):
        answer = run.call("GET", path, headers={"accept-encoding": accepted})
        must(answer.status_code == 200, f"{accepted}: status {answer.status_code}")
        must(answer.headers.get("content-encoding", "") in (coding, ""), f"{accepted}: not asked for")
        must(answer.content.partition(b"\n")[0] == _first_line(run), f"{accepted}: another page")


def _first_line(run: Run) -> bytes:
    """The first line of the page without parts."""
    line = run.first_page.lines[0]
    return canonical.encode({"h": line.header, "i": 0, "p": {}})


@case("E13", "payloads are never kept by caches on the way")
def no_store(run: Run) -> None:
    answer = run.call("GET", f"{run.channel}/entries?from=0")
    must("no-store" in answer.headers.get("cache-control", ""), "Cache-Control is not no-store")


@case("E14", "a reader at the end may wait, and is answered when the time is over")
def waiting(run: Run) -> None:
    began = time.monotonic()
    size = run.size
    page = run.page(size, "&wait=1")
    waited = time.monotonic() - began
    must(page.lines or waited > 0.5, "answered at once though nothing was new")
    must(waited < 20, "answered far too late")


@case("T1", "tiles for auditors, if there are any, are of the same tree (C2SP tlog-tiles)")
def tiles(run: Run) -> None:
    base = f"{run.channel}/tlog"
    answer = run.call("GET", f"{base}/checkpoint")
    if answer.status_code == 404:
        return  # optional in KX/1
    head = checkpoint.parse(answer.content.decode())
    check_head(run, answer.content.decode(), head.size)
    full, rest = divmod(head.size, 256)
    wanted = [f"{n:03}" for n in range(min(full, 999))] + ([f"{full:03}.p/{rest}"] if rest else [])
    tile = b"".join(run.call("GET", f"{base}/tile/0/{name}").content for name in wanted[:20])
    leaves = [tile[i : i + 32] for i in range(0, len(tile), 32)]
    if len(leaves) == head.size:
        must(Frontier().extend(leaves).root() == head.root, "the root is not the signed one")
    refused(run.call("GET", f"{base}/tile/0/{full + 1:03}"), "not-found")
