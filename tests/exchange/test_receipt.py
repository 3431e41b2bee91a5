"""Receipts: the receiver's word for what it holds, which nobody else can give."""

from datetime import datetime
from typing import Any

import pytest

from kakehashi.errors import ExchangeError
from kakehashi.exchange import checkpoint, receipt
from kakehashi.exchange.receipt import Receipt
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey
from tests.exchange.origin import HERE, Origin

AT = 1_800_000_000


def made(origin: Origin, key: PrivateKey | None = None, node: str = HERE, **rows: Any) -> bytes:
    reached = checkpoint.cosign(checkpoint.parse(origin.note()), node, key or origin.here.log, AT)
    return receipt.build(reached, **{"erased": [], "rejected": [(1, "schema-unknown")], **rows})


def read(origin: Origin, data: bytes) -> Receipt:
    keys = origin.here.keyset(origin.now)
    own = [origin.keys.log.public]
    return receipt.parse(data, channel=origin.channel, peer=HERE, peer_keys=keys, own_log_keys=own)


def test_a_receipt_names_size_root_time_and_what_was_rejected(now: datetime) -> None:
    origin = Origin(now)
    origin.put()
    found = read(origin, made(origin))
    assert (found.size, found.root, found.at) == (2, origin.frontier().root(), AT)
    assert found.rejected == ((1, "schema-unknown"),)


def test_a_receipt_by_another_key_or_in_another_name_is_refused(now: datetime) -> None:
    origin = Origin(now)
    for data in (
        made(origin, PrivateKey.generate()),
        made(origin, origin.here.record),
        made(origin, node="kyoto.example"),
    ):
        with pytest.raises(ExchangeError, match="cosigned"):
            read(origin, data)


def test_a_receipt_over_a_checkpoint_that_is_not_ours_is_refused(now: datetime) -> None:
    origin, other = Origin(now), Origin(now)
    other.here, other.channel = origin.here, origin.channel
    with pytest.raises(ExchangeError, match="log key"):
        read(origin, made(other))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "kx.purge"},
        {"v": 2},
        {"channel": "osaka.example/kx/9999456789abcdef/0"},
        {"checkpoint": 7},
        {"checkpoint": ""},
        {"erased": {}},
        {"erased": [-1]},
        {"erased": [True]},
        {"rejected": [{"i": 1}]},
        {"rejected": [{"i": "1", "code": "x"}]},
        {"rejected": [{"i": 1, "code": "<b>"}]},
        {"rejected": [{"i": 1, "code": "x"}] * 2001},
        {"more": 1},
    ],
    ids=lambda change: str(change)[:60],
)
def test_what_is_no_receipt_is_refused(now: datetime, change: dict[str, Any]) -> None:
    origin = Origin(now)
    document = canonical.decode(made(origin), limit=1 << 20)
    with pytest.raises(ExchangeError):
        read(origin, canonical.encode({**document, **change}))
    with pytest.raises(ExchangeError, match="not-canonical"):
        read(origin, b"{}" + made(origin))


def test_of_too_many_rejections_the_newest_are_told(now: datetime) -> None:
    origin = Origin(now)
    found = read(origin, made(origin, rejected=[(i, "expired") for i in range(3000)]))
    assert (len(found.rejected), found.rejected[-1]) == (2000, (2999, "expired"))
