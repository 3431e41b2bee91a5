"""PROTOCOL.md: its examples are what this code writes, byte for byte, and what it accepts."""

import re
from pathlib import Path

import pytest

from kakehashi.exchange import checkpoint, header, keyset, purge, receipt, verify
from kakehashi.exchange.http_signature import Message, authenticate
from kakehashi.exchange.log import Frontier
from kakehashi.exchange.page import Limits, parse, split_lines
from kakehashi.exchange.problems import STATUS_OF
from kakehashi.signing import canonical
from kakehashi.signing.commit import to_base64url
from tests.exchange import golden
from tests.exchange.origin import Origin

TEXT = (Path(__file__).parents[2] / "PROTOCOL.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: ([a-z-]+) -->\n```\w*\n(.*?)\n```", TEXT, re.S))


@pytest.mark.parametrize("name", golden.examples())
def test_every_example_is_what_this_code_writes(name: str) -> None:
    assert EXAMPLES[name] == golden.examples()[name]


def test_the_document_has_no_example_that_is_not_checked() -> None:
    assert EXAMPLES.keys() == golden.examples().keys()
    assert TEXT.count("<!-- example:") == len(EXAMPLES)


def test_the_examples_are_accepted_by_a_reader() -> None:
    known = keyset.parse(EXAMPLES["keyset"].encode(), node=golden.NODE, roots=[golden.ROOT.public])
    page = parse(split_lines([EXAMPLES["page"].encode() + b"\n"], Limits()), 0, Limits())
    standing = {**Origin(golden.AT).standing(), "hash": golden.AGREEMENT}
    trust = verify.Trust(
        me=golden.PEER,
        latest=known,
        keysets={known.hash: known},
        standing=standing,  # type: ignore[arg-type]
        versions={golden.AGREEMENT},
        now=golden.AT,
    )
    judged = verify.judge(page, verify.Position(golden.CHANNEL, Frontier()), {}, trust)
    assert [verdict.code for verdict in judged.verdicts] == ["", ""]
    withdrawn = canonical.decode(EXAMPLES["withdraw"].encode(), limit=header.MAX_BYTES)
    header.check(withdrawn)
    verify.verify_header(withdrawn, known)
    assert withdrawn["prev"] == verify.header_hash(page.lines[1].data)


def test_the_notes_verify_and_the_receipt_carries_them() -> None:
    noted = checkpoint.parse(EXAMPLES["cosigned"] + "\n")
    checkpoint.verify_signature(noted, [golden.LOG.public])
    assert checkpoint.verify_cosignature(noted, golden.PEER, [golden.WITNESS.public]) == golden.AT.timestamp()
    assert receipt._shaped(canonical.decode(EXAMPLES["receipt"].encode(), limit=receipt.MAX_BYTES))
    assert EXAMPLES["checkpoint"] + "\n" == golden.note(2).note


def test_a_request_signed_over_the_example_base_is_accepted() -> None:
    base = EXAMPLES["signature-base"]
    parameters = base.rpartition('"@signature-params": ')[2]
    target = re.search(r'"@target-uri": (\S+)', base)
    assert target is not None
    from base64 import b64encode

    signature = b64encode(golden.HTTP.sign(base.encode())).decode()
    headers = {"Signature-Input": f"kx={parameters}", "Signature": f"kx=:{signature}:"}
    names = {keyset.key_id(golden.NODE, "http-1"): golden.HTTP.public}
    caller = authenticate(Message("GET", target[1], headers), b"", public_key=names.get, now=golden.AT)
    assert caller.nonce == "AAAAAAAAAAAAAAAAAAAAAA=="


def test_the_table_of_errors_is_the_one_that_is_answered() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", TEXT, re.M))
    assert {code: int(status) for code, status in rows.items()} == STATUS_OF


def test_the_salt_of_the_example_is_the_one_it_says() -> None:
    assert to_base64url(golden.SALT) in EXAMPLES["page"]


def test_the_erasure_and_the_statement_of_the_examples_are_accepted() -> None:
    known = keyset.parse(EXAMPLES["keyset"].encode(), node=golden.NODE, roots=[golden.ROOT.public])
    erased = canonical.decode(EXAMPLES["erase"].encode(), limit=header.MAX_BYTES)
    header.check(erased)
    verify.verify_header(erased, known)
    assert erased["prev"] == verify.header_hash(EXAMPLES["withdraw"].encode())
    reader = keyset.parse(golden.peer_key_set(), node=golden.PEER, roots=[golden.PEER_ROOT.public])
    facts = {"channel": golden.CHANNEL, "peer": golden.PEER, "own_log_keys": [golden.LOG.public]}
    said = purge.parse(EXAMPLES["purge"].encode(), peer_keys=reader, **facts)  # type: ignore[arg-type]
    assert (said.size, said.deleted, said.kept) == (2, {"offer": 1}, {})


def test_every_code_that_an_error_of_the_exchange_may_have_is_in_the_protocol() -> None:
    """Whatever a hostile partner causes ends in a code that can be looked up."""
    raised = re.compile(r"(?:Log|Peer|Record|Exchange)Error\(\s*\"([a-z]+(?:-[a-z]+)*)\"")
    source = Path(__file__).parents[2] / "src" / "kakehashi"
    files = [path.read_text("utf-8") for path in source.rglob("*.py")]
    codes = {code for text in files for code in raised.findall(text)}
    assert len(codes) > 40
    assert sorted(code for code in codes if f"`{code}`" not in TEXT) == []
