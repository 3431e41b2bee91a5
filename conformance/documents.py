"""Cases D and R: agreements and receipts, right ones and every kind of wrong one."""

import time

from conformance.kit import NotAsked, Run, case, must, refused
from kakehashi.exchange import checkpoint, receipt
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import document_hash

BAD = ("bad-request", "bad-json", "not-canonical")
NOT_BY_READER = ("bad-request", "key-unknown", "sig-invalid")  # its log key may be one the node has not seen
NOWHERE = "sha256-" + "A" * 43
NOT_CANONICAL = {
    "no JSON": b"{",
    "spaces": b'{"type": "kx.receipt"}',
    "a key twice": b'{"a":1,"a":2}',
    "a float": b'{"a":1.5}',
    "too large a number": b'{"a":9007199254740993}',
    "an escape": b'{"a":"\\u0041"}',
    "a byte-order mark": b'\xef\xbb\xbf{"a":1}',
    "depth": b"[" * 2000 + b"]" * 2000,
    "no UTF-8": b'{"a":"\xff"}',
}


@case("D1", "the agreement is given to its party, and its name is its hash")
def agreement(run: Run) -> None:
    answer = run.call("GET", f"/agreements/{run.agreement}")
    must(answer.status_code == 200, f"status {answer.status_code}")
    document = canonical.decode(answer.content, limit=1 << 20)
    must(document_hash(document) == run.agreement, "another document than was asked for")
    nodes = {party["node"] for party in document["parties"]}
    must({run.me.node, run.keys.node} <= nodes, "not between these two")


@case("D2", "agreements that one may not know of are not found")
def no_agreement(run: Run) -> None:
    refused(run.call("GET", f"/agreements/{NOWHERE}"), "not-found")


@case("D3", "a document under another name than its hash is refused (threat 38)")
def other_name(run: Run) -> None:
    data = run.call("GET", f"/agreements/{run.agreement}").content
    refused(run.call("PUT", f"/agreements/{NOWHERE}", body=data), "bad-request", "agreement-conflict")


@case("D4", "documents that are not canonical are refused (threat 14)")
def not_canonical(run: Run) -> None:
    for data in NOT_CANONICAL.values():
        refused(run.call("PUT", f"/agreements/{NOWHERE}", body=data), *BAD)


@case("D5", "a signature by nobody and an end declared by nobody are refused")
def by_nobody(run: Run) -> None:
    refused(run.call("POST", f"/agreements/{run.agreement}/proofs", body=b"{}"), *BAD)
    refused(run.call("POST", f"/agreements/{run.agreement}/termination", body=b"{}"), *BAD)


@case("D6", "a body of more than a mebibyte is refused before it is read")
def too_large(run: Run) -> None:
    refused(run.call("PUT", f"/agreements/{NOWHERE}", body=b" " * (1_048_577)), "too-large")


@case("R1", "receipts that are not canonical are refused, each with its code (threat 14)")
def bad_receipts(run: Run) -> None:
    for name, data in NOT_CANONICAL.items():
        answer = run.call("POST", f"{run.channel}/receipts", body=data)
        must(answer.status_code == 400, f"{name}: status {answer.status_code}")
        refused(answer, "bad-json", "not-canonical")


@case("R2", "a receipt without the reader's own signature is refused")
def not_cosigned(run: Run) -> None:
    data = receipt.build(checkpoint.parse(run.first_page.note), erased=[], rejected=[])
    refused(run.call("POST", f"{run.channel}/receipts", body=data), *NOT_BY_READER)


@case("R3", "a receipt that somebody else cosigned is refused")
def cosigned_by_another(run: Run) -> None:
    refused(
        run.call("POST", f"{run.channel}/receipts", body=made(run, PrivateKey.generate())), *NOT_BY_READER
    )


@case("R4", "a receipt for another log is refused")
def other_log(run: Run) -> None:
    name = f"{run.keys.node}/kx/0123456789abcdef/0"
    data = made(run, PrivateKey.generate()).replace(
        run.channel.removeprefix("/channels/").encode(), name.encode()
    )
    refused(run.call("POST", f"{run.channel}/receipts", body=data), "bad-request")


@case("R5", "a receipt for what was read is taken, also on repeat, and given back")
def taken(run: Run) -> None:
    data = made(run, _log_key(run))
    for _ in range(2):
        answer = run.call("POST", f"{run.channel}/receipts", body=data)
        must(answer.status_code == 200, f"status {answer.status_code}")
    must(run.call("GET", f"{run.channel}/receipts/latest").content == data, "another receipt came back")


@case("R6", "a receipt never goes back (threat 25)")
def rollback(run: Run) -> None:
    key = _log_key(run)
    if run.size <= 256:
        raise NotAsked("the log has one checkpoint only, for want of 257 entries")
    older, newer = run.page(0, "&limit=256&parts=0").note, run.page(run.size).note
    answer = run.call("POST", f"{run.channel}/receipts", body=made(run, key, newer))
    must(answer.status_code == 200, f"status {answer.status_code}")
    refused(run.call("POST", f"{run.channel}/receipts", body=made(run, key, older)), "receipt-rollback")


def made(run: Run, key: PrivateKey, note: str = "") -> bytes:
    """A receipt for a head, or for that of the first page, cosigned by `key` in the runner's name."""
    head = checkpoint.parse(note or run.first_page.note)
    cosigned = checkpoint.cosign(head, run.me.node, key, int(time.time()))
    return receipt.build(cosigned, erased=[], rejected=[])


def _log_key(run: Run) -> PrivateKey:
    if not run.write or "log" not in run.me.keys:
        raise NotAsked("needs --write and the runner's log key: the node will keep the receipt")
    return run.me.keys["log"]
