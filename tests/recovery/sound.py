"""What holds of every log whatever happened (INV of the conformance tests)."""

import orjson

from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.models import Channel, Entry, Part
from kakehashi.signing.commit import commitment_of_bytes


def sound(channel: Channel) -> None:
    """Leaves without a gap, a tree that is theirs, and parts that are committed."""
    entries = list(Entry.objects.filter(channel=channel).order_by("index"))
    assert [entry.index for entry in entries] == list(range(channel.size))
    assert Frontier().extend([leaf_hash(bytes(e.header)) for e in entries]).to_bytes() == bytes(
        channel.frontier
    )
    headers = [orjson.loads(bytes(entry.header)) for entry in entries]
    for part in Part.objects.filter(channel=channel):
        committed = headers[part.index]["parts"][part.name]
        assert commitment_of_bytes(bytes(part.salt), bytes(part.data)) == committed
