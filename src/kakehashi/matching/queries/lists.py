"""The lists of the best that records keep: which of them a score may enter, and what stands on them.

Asked for each record that is matched, of thousands of others; so in SQL, and of the narrowest index there is.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

import orjson
from django.db import connection

from kakehashi.matching.best import Rank
from kakehashi.matching.models import Indexed, Match

SLACK = 1e-9  # what SQLite may read of a number otherwise than it was written
_SCORES = {
    "sqlite": "SELECT CAST(key AS INTEGER) AS key, value AS score FROM json_each(%s)",
    "postgresql": "SELECT key::bigint AS key, value::float8 AS score FROM json_each_text(%s)",
}


class Side(NamedTuple):
    """Which columns of a match speak of the record that is looked at, and which of its partner."""

    mine: str
    best: str
    theirs: str
    best_of_theirs: str


OWN, OTHER = Side("own", "of_own", "other", "of_other"), Side("other", "of_other", "own", "of_own")


def standing(keys: Collection[int], version: str) -> dict[int, float | None]:
    """Those of `keys` whose best were found under a basis, each with what its worst scores."""
    rows = Indexed.objects.filter(pk__in=keys, basis=version)
    return dict(rows.values_list("pk", "least"))


def reached(scores: Mapping[int, float], version: str) -> dict[int, float | None]:
    """The same of those alone whose list the score with them may enter: of thousands a handful."""
    statement = f"""
        SELECT reading_id, least FROM ({_SCORES[connection.vendor]}) AS wanted
        JOIN matching_indexed ON reading_id = key
        WHERE basis = %s AND (least IS NULL OR least <= score + {SLACK})"""  # noqa: S608  # constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(scores, option=orjson.OPT_NON_STR_KEYS).decode(), version])
        found = dict(cursor.fetchall())
    return {key: least for key, least in found.items() if least is None or scores[key] >= least}


def best_of(keys: Collection[int], but: int, side: Side) -> dict[int, dict[Rank, int]]:
    """The best of each of `keys` without the record `but`, each with the key of its match."""
    rows = Match.objects.filter(**{f"{side.theirs}__in": keys, side.best_of_theirs: True})
    rows = rows.exclude(**{side.mine: but})
    listed: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for key, *entry in rows.values_list(f"{side.theirs}_id", "score", f"{side.mine}_id", "pk"):
        listed[key].append(tuple(entry))
    # Only the last of a list and the one before it are ever compared; the places of these alone are read.
    compared = {key: sorted(score for score, *_ in entries)[:2][-1] for key, entries in listed.items()}
    ends = {mine for key, entries in listed.items() for score, mine, _ in entries if score <= compared[key]}
    places = dict(Indexed.objects.filter(pk__in=ends | listed.keys()).values_list("pk", "place"))
    found: dict[int, dict[Rank, int]] = defaultdict(dict)
    for key, entries in listed.items():
        for score, mine, match in entries:
            pair = (mine, key) if side is OWN else (key, mine)
            place = (places[pair[0]], places[pair[1]]) if score <= compared[key] else (match, 0)
            found[key][-score, place] = match
    return found
