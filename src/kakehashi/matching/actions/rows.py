"""Writes matches: only those that say something else than before, each under the address that it had."""

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from kakehashi.matching.fields import Condition
from kakehashi.matching.models import Match
from kakehashi.matching.pair import Pair
from kakehashi.matching.rank import Component
from kakehashi.work import rows

SAID = ("score", "components", "conditions", "encoder", "basis", "of_own", "of_other")
ENDS = ("own_id", "other_id")
COLUMNS = (*ENDS, *SAID, "computed_at")
Key = TypeVar("Key", bound=Hashable)


def match_of(pair: Pair, encoder: str, basis: str, now: datetime) -> Match:
    """What is to be written of a pair; among whose best it is, is yet to be said."""
    return Match(
        own_id=pair.one,
        other_id=pair.other,
        score=pair.score.total,
        components=[_plain(component) for component in pair.score.components],
        conditions=[_plain(condition) for condition in pair.conditions],
        encoder=encoder,
        basis=basis,
        computed_at=now,
    )


def write_matches(fresh: Mapping[Key, Match], present: Mapping[Key, Match]) -> None:
    """Those of `fresh` that are not as they are already (`present`, by the same keys)."""
    changed = [match for key, match in fresh.items() if not _is_same(match, present.get(key))]
    rows.insert(Match, COLUMNS, rows.of(changed, COLUMNS), unique=ENDS, update=COLUMNS[2:])


def _plain(part: Component | Condition) -> dict[str, Any]:
    """As JSON brings it back: lists for tuples."""
    return {name: list(v) if isinstance(v, tuple) else v for name, v in vars(part).items()}


def _is_same(match: Match, present: Match | None) -> bool:
    """True if there is nothing to write."""
    if present is None:
        return False
    return all(getattr(match, name) == getattr(present, name) for name in SAID)
