"""What a judged bundle shows, as sentences that somebody reads who has never seen this program."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kakehashi.proving.compare import Comparison, Finding
from kakehashi.proving.verify import Proven, Seen

_DID = {
    "put": "published revision {rev} of the record {id} ({kind})",
    "withdraw": "withdrew the record {id} with revision {rev} ({reason})",
    "erase": "had parts of the record {id} erased with revision {rev} ({basis})",
}


def sentences(proven: Proven) -> list[str]:
    """What, by whom, when, in which agreement, received by whom and when; and on which keys it rests."""
    return [
        *_entry(proven),
        *_agreement(proven),
        *(_seen(seen) for seen in proven.seen),
        *_keys(proven),
    ]


def _entry(proven: Proven) -> Iterator[str]:
    header = proven.header
    did = _DID.get(header["op"], "wrote an entry «{op}»").format(**header)
    yield f"{header['origin']} {did}, dated {header['issued']}."
    yield f"It is entry {proven.index + 1} of the log {proven.channel}, signed with {proven.signed_with}."
    for name, data in proven.parts.items():
        title = _title(data)
        yield f"The part «{name}» is enclosed and is what was signed" + (f": {title}." if title else ".")
    for name in proven.absent:
        yield f"The part «{name}» is not enclosed; the entry holds only a commitment to it."


def _agreement(proven: Proven) -> Iterator[str]:
    document = proven.agreement
    parties = " and ".join(party["node"] for party in document["parties"])
    term = document["term"]
    yield f"The agreement is version {document['version']}, {proven.agreement_hash}, signed by {parties},"
    yield f"  in force from {term['from']} until {term['until']}" + (
        f"; it lets this cross under {', '.join(proven.covered)}." if proven.covered else "."
    )


def _seen(seen: Seen) -> str:
    if seen.at is None:
        return f"The origin signed the log at {seen.size} entries. No receipt of a partner is enclosed."
    return f"{seen.by} had received it by {_moment(seen.at)}: it signed for the first {seen.size} entries."


def _keys(proven: Proven) -> Iterator[str]:
    yield "All this rests on these root keys; compare them with what the parties have made known:"
    for node, prints in proven.fingerprints.items():
        yield from (f"  {node}: {each}" for each in prints)


def comparison(found: Comparison) -> list[str]:
    """What two heads of one log say."""
    log, size = found.one.origin, found.one.size
    if found.finding is Finding.DIFFERENT_SIZES:
        lines = [f"Two heads of {log}, at {size} and {found.other.size} entries: no contradiction in these."]
    elif found.finding is Finding.GROWN:
        lines = [f"{log} only grew: its first {size} entries stand unchanged among {found.other.size}."]
    elif found.finding is Finding.SAME:
        lines = [f"Both heads of {log} tell of the same {size} entries."]
    else:
        lines = [f"{log} has two roots for its first {size} entries: its origin told two stories."]
    if not found.signed:
        lines.append("The signatures were not checked; give the origin's key set with --keyset.")
    return lines


def _title(data: dict[str, Any]) -> str:
    """The title or the name, in the language of the record."""
    texts = data.get("title") or data.get("names")
    if not isinstance(texts, dict) or not texts:
        return ""
    text = texts.get(data.get("lang")) or next(iter(texts.values()))
    return str(text.get("text", "") if isinstance(text, dict) else text)[:200]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
