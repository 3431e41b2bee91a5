"""The sets that can be harvested on their own: each kind and each topic (OAI-PMH 2.0 section 2.6)."""

from collections.abc import Iterable

from kakehashi.records.kinds import KINDS
from kakehashi.records.topics import TOPICS


def specs(kind: str, topics: Iterable[str]) -> list[str]:
    """The sets of one record."""
    return [f"kind:{kind}", *(f"topic:{topic}" for topic in sorted(set(topics)))]


def names() -> dict[str, str]:
    """All sets by spec; "kind" and "topic" hold those below them."""
    return {
        "kind": "By kind",
        **{f"kind:{kind}": kind.capitalize() for kind in KINDS},
        "topic": "By topic",
        **{f"topic:{code}": topic["en"] for code, topic in TOPICS.items()},
    }
