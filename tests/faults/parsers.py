"""Whatever bytes a parser of the protocol is given, it reads them or says in its own words that it cannot.

The bytes come from hypothesis in test_parsers.py, and from atheris in fuzz.py.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kakehashi.agreements import document as documents
from kakehashi.agreements import signatures
from kakehashi.errors import KakehashiError
from kakehashi.exchange import checkpoint, coding, header, keyset, page, purge, receipt
from kakehashi.proving import bundle
from kakehashi.signing import canonical
from tests.exchange import golden

KEYS = keyset.parse(golden.peer_key_set(), node=golden.PEER, roots=[golden.PEER_ROOT.public])
WHERE: dict[str, Any] = {"channel": golden.CHANNEL, "peer": golden.PEER, "peer_keys": KEYS}
LIMITS = page.Limits()


def _page(data: bytes) -> None:
    page.parse(page.split_lines([data], LIMITS), 0, LIMITS)


def _header(data: bytes) -> None:
    value = canonical.decode(data, limit=1 << 16)
    if type(value) is dict:  # a page has nothing else
        header.check(value)


def _packed(name: str) -> Callable[[bytes], Any]:
    return lambda data: b"".join(coding.decode([data], name, page.HARD_PAGE_BYTES))


PARSERS: dict[str, Callable[[bytes], Any]] = {
    "page": _page,
    "page as zstd": _packed("zstd"),
    "page as gzip": _packed("gzip"),
    "header": _header,
    "checkpoint": lambda data: checkpoint.parse(data.decode("utf-8", "surrogateescape")),
    "receipt": lambda data: receipt.parse(data, **WHERE, own_log_keys=[golden.LOG.public]),
    "statement of deletion": lambda data: purge.parse(data, **WHERE, own_log_keys=[golden.LOG.public]),
    "key set": lambda data: keyset.parse(data, node=golden.NODE, roots=[golden.ROOT.public]),
    "agreement": documents.parse,
    "termination": signatures.parse_termination,
    "proof": bundle.read,
}
EXAMPLES: tuple[bytes, ...] = (
    golden.page(),
    coding.encode(golden.page(), "zstd"),
    coding.encode(golden.page(), "gzip"),
    golden.entries()[1],
    golden.erased(),
    golden.cosigned().note.encode(),
    golden.receipt_body(),
    golden.purged(),
    golden.next_key_set(),
    canonical.encode(golden.agreement()),
    golden.termination(),
    golden.proof_bundle(),
)


def outcome(parse: Callable[[bytes], Any], data: bytes) -> str:
    """ "read" or "refused"; anything else that a parser raises is a fault and goes on upwards."""
    try:
        parse(data)
    except KakehashiError:
        return "refused"
    return "read"


def one(data: bytes) -> None:
    """The first byte says which parser gets the others."""
    if data:
        outcome(list(PARSERS.values())[data[0] % len(PARSERS)], data[1:])


def seed(folder: Path) -> None:
    """Every example for every parser: where the search begins."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(len(PARSERS)):
        for place, data in enumerate(EXAMPLES):
            (folder / f"{number}-{place}").write_bytes(bytes([number]) + data)
