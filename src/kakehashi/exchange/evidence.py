"""What crossed under an agreement, counted from the logs: they stay when every copy is deleted."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotFound
from kakehashi.exchange.models import Chain, Channel, Entry, Quarantine
from kakehashi.signing.commit import parse_stamp

AT_ONCE = 500
Key = tuple[str, str, str]  # clause, kind, level


def crossed(viewer: Viewer, lineage: str) -> list[dict[str, Any]]:
    """Rows like those of `records.queries.crossed`: the records that lived when the agreement ended.

    Who is not one of the cluster's own learns of those that were public only.
    """
    try:
        sides = {each["node"]: each["side"] for each in agreements.current(WORKER, lineage)["parties"]}
    except NotFound:
        return []
    rows: list[dict[str, Any]] = []
    for channel in Channel.objects.filter(lineage=lineage).order_by("name"):
        facts = {"received": not channel.own, "side": sides.get(channel.origin, "")}
        counts, last = _counted(channel.name, channel.size)
        rows += [
            {**facts, "clause": key[0], "kind": key[1], "count": count, "last": parse_stamp(last[key])}
            for key, count in sorted(counts.items())
            if viewer.is_member or key[2] == "CLEAR"
        ]
    return rows


@lru_cache(maxsize=64)
def _counted(name: str, size: int) -> tuple[dict[Key, int], dict[Key, str]]:
    """Of a log of that size: how many records live, and when the newest of them was issued."""
    counts, last = Counter[Key](), dict[Key, str]()
    for header in _living(name):
        key = (str(header.get("clause", "")), str(header["kind"]), str(header["tlp"]))
        counts[key] += 1
        last[key] = max(last.get(key, ""), str(header["issued"]))
    return dict(counts), last


def _living(name: str) -> Iterator[dict[str, Any]]:
    refused = Quarantine.objects.filter(channel=name).values("index")
    living = Chain.objects.filter(channel=name, live__isnull=False).exclude(live__in=refused)
    places = [live or 0 for live in living.order_by("live").values_list("live", flat=True)]
    for start in range(0, len(places), AT_ONCE):
        rows = Entry.objects.filter(channel=name, index__in=places[start : start + AT_ONCE])
        for data in rows.values_list("header", flat=True):
            yield orjson.loads(bytes(data))
