"""What may be erased of an own record, and on what basis: rules, and codes that stand in the log."""

from enum import StrEnum


class Scope(StrEnum):
    """How much of a record is erased.

    `person`: the personal part of every revision. `earlier`: every wording but the present one, for a name
    that a new wording no longer has. `all`: the record itself; of an organisation, with all that it owns.
    """

    PERSON = "person"
    EARLIER = "earlier"
    ALL = "all"


# The parts that partners must destroy (EXCHANGE.md section 13).
PARTS: dict[Scope, list[str]] = {
    Scope.PERSON: ["person"],
    Scope.EARLIER: ["body"],
    Scope.ALL: ["body", "person"],
}
# Why: GDPR art. 17 (erasure) and 21 (objection); APPI art. 34 (correction) and 35 (cease of use); agreed.
BASES = ("gdpr-17", "gdpr-21", "appi-34", "appi-35", "agreed")


def scopes(*, has_person: bool, revisions: int) -> list[Scope]:
    """What there is to erase."""
    offered = {Scope.PERSON: has_person, Scope.EARLIER: revisions > 1, Scope.ALL: True}
    return [scope for scope, there in offered.items() if there]
