"""What the fields of two records say about each other: may they meet at all, and which conditions are met."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Mark: TypeAlias = Literal["met", "partly", "missed", "unjudged"]

# Which kinds are worth a meeting; anything else may only be "related".
PARTNERS = (
    {"offer", "request"},
    {"academic", "request"},
    {"practice"},
    {"academic"},
)
KINDS = ("offer", "request", "academic", "practice")  # those that occur there
MOST_CONDITIONS = 0.14  # what all conditions together can add
STAGES = ("concept", "under_development", "lab_tested", "demonstration", "on_the_market")
MEDICAL_STAGES = ("preclinical", "phase_1", "phase_2", "phase_3", "approved")


@dataclass(frozen=True)
class Facts:
    """The fields of one record that matching looks at; empty or None where the record says nothing."""

    kind: str
    side: str
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    een_type: str = ""
    partnership: tuple[str, ...] = ()
    partner_types: tuple[str, ...] = ()
    organisation_type: str = ""
    stage: str = ""
    trl: int | None = None
    medical_stage: str = ""
    open_for_interest: bool = True
    historical: bool = False


@dataclass(frozen=True)
class Condition:
    """One judged point: `value` is what it adds to the score, `one` and `other` what each side states."""

    name: str
    mark: Mark
    value: float = 0.0
    one: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def may_match(one: Facts, other: Facts) -> bool:
    """The hard conditions: kinds that meet, on different sides, neither closed for interest."""
    return (
        {one.kind, other.kind} in PARTNERS
        and one.side != other.side
        and one.open_for_interest
        and other.open_for_interest
    )


def _partnership(one: Facts, other: Facts) -> Condition | None:
    """Kinds of partnership: all of the shorter list in common is best, one at least is good."""
    if not {"offer", "request"} & {one.kind, other.kind}:
        return None
    shared = tuple(kind for kind in one.partnership if kind in other.partnership)
    said = (one.partnership, other.partnership, shared)
    if not one.partnership or not other.partnership:
        return Condition("partnership", "unjudged", 0.0, *said)
    if not shared:
        return Condition("partnership", "missed", -0.04, *said)
    if len(shared) == min(len(one.partnership), len(other.partnership)):
        return Condition("partnership", "met", 0.05, *said)
    return Condition("partnership", "partly", 0.03, *said)


def _partner_for_one(one: Facts, other: Facts) -> Condition | None:
    """The first names the types of partner it seeks, the second is of a type."""
    if not one.partner_types:
        return None
    kind = (other.organisation_type,) if other.organisation_type else ()
    mark, value = _fits(one.partner_types, other.organisation_type)
    return Condition("partner_for_one", mark, value, one.partner_types, kind)


def _partner_for_other(one: Facts, other: Facts) -> Condition | None:
    if not other.partner_types:
        return None
    kind = (one.organisation_type,) if one.organisation_type else ()
    mark, value = _fits(other.partner_types, one.organisation_type)
    return Condition("partner_for_other", mark, value, kind, other.partner_types)


def _fits(sought: tuple[str, ...], kind: str) -> tuple[Mark, float]:
    if not kind:
        return "unjudged", 0.0
    return ("met", 0.03) if kind in sought else ("missed", -0.03)


def _region(one: Facts, other: Facts) -> Condition:
    """Across the bridge: a hard condition, so it adds nothing, but it is worth saying."""
    return Condition("region", "met", 0.0, one.regions, other.regions)


def _scale(name: str, scale: tuple[str, ...], one: Facts, other: Facts) -> Condition | None:
    if not _trade(one, other):
        return None
    mine, theirs = getattr(one, name), getattr(other, name)
    said = ((mine,) if mine else (), (theirs,) if theirs else ())
    if mine not in scale or theirs not in scale:
        return Condition(name, "unjudged", 0.0, *said)
    return _distance(name, abs(scale.index(mine) - scale.index(theirs)), *said)


def _stage(one: Facts, other: Facts) -> Condition | None:
    return _scale("stage", STAGES, one, other)


def _medical_stage(one: Facts, other: Facts) -> Condition | None:
    return _scale("medical_stage", MEDICAL_STAGES, one, other)


def _trl(one: Facts, other: Facts) -> Condition | None:
    if not _trade(one, other):
        return None
    said = [() if facts.trl is None else (str(facts.trl),) for facts in (one, other)]
    if one.trl is None or other.trl is None:
        return Condition("trl", "unjudged", 0.0, *said)
    return _distance("trl", (abs(one.trl - other.trl) + 1) // 2, *said)


def _trade(one: Facts, other: Facts) -> bool:
    return {one.kind, other.kind} == {"offer", "request"}


def _distance(name: str, steps: int, one: tuple[str, ...], other: tuple[str, ...]) -> Condition:
    """Next to each other is as good as the same; further apart costs a little, the ends of the scale more."""
    if steps <= 1:
        return Condition(name, "met", 0.01, one, other)
    if steps == 2:
        return Condition(name, "partly", 0.0, one, other)
    return Condition(name, "partly" if steps == 3 else "missed", -0.02, one, other)


Judge: TypeAlias = Callable[[Facts, Facts], Condition | None]
# Every soft condition, in the order in which they are shown, with the only fields that its value rests on.
JUDGES: tuple[tuple[Judge, tuple[str, ...]], ...] = (
    (_partnership, ("kind", "partnership")),
    (_partner_for_one, ("partner_types", "organisation_type")),
    (_partner_for_other, ("partner_types", "organisation_type")),
    (_region, ()),
    (_stage, ("kind", "stage")),
    (_medical_stage, ("kind", "medical_stage")),
    (_trl, ("kind", "trl")),
)


def conditions(one: Facts, other: Facts) -> list[Condition]:
    """All soft conditions, in the order in which they are shown."""
    found = (judge(one, other) for judge, _ in JUDGES)
    return [condition for condition in found if condition is not None]
