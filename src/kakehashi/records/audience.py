"""Who may see a record: audience, TLP label and passing on; levels fall, never rise."""

from enum import StrEnum

from kakehashi.accounts.viewer import Viewer


class Audience(StrEnum):
    """From nobody but the owner and the cluster's team to everyone."""

    PRIVATE = "private"
    MEMBERS = "members"
    NAMED = "named"
    AGREEMENTS = "agreements"
    PUBLIC = "public"


class Tlp(StrEnum):
    """FIRST Traffic Light Protocol 2.0, from the most open to the most closed."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


class Onward(StrEnum):
    """What the receiving cluster may do (EXCHANGE.md section 12), from the least to the most."""

    NONE = "none"
    MEMBERS = "members"
    PUBLIC = "public"


AUDIENCE_ORDER = {level: place for place, level in enumerate(Audience)}
TLP_ORDER = {level: place for place, level in enumerate(Tlp)}
ONWARD_ORDER = {level: place for place, level in enumerate(Onward)}


def narrower_onward(one: str, other: str) -> Onward:
    """The narrower of grant and record."""
    return min(Onward(one), Onward(other), key=ONWARD_ORDER.__getitem__)


def is_wider(one: str, other: str) -> bool:
    """True if audience `one` is more people than `other`."""
    return AUDIENCE_ORDER[Audience(one)] > AUDIENCE_ORDER[Audience(other)]


def default_tlp(audience: str) -> Tlp:
    """CLEAR for the public, GREEN towards agreements and members, RED where nobody else looks."""
    defaults: dict[str, Tlp] = {Audience.PUBLIC: Tlp.CLEAR, Audience.PRIVATE: Tlp.RED}
    return defaults.get(audience, Tlp.GREEN)


def level_problems(audience: str, tlp: str, onward: str) -> list[str]:
    """Codes of what is unknown or does not go together; empty if all does."""
    if audience not in set(Audience) or tlp not in set(Tlp) or onward not in set(Onward):
        return ["choice-unknown"]
    found = []
    if audience == Audience.PUBLIC and tlp != Tlp.CLEAR:
        found.append("public-needs-clear")
    if tlp == Tlp.RED and audience != Audience.PRIVATE:
        found.append("red-stays-private")
    if onward == Onward.PUBLIC and tlp != Tlp.CLEAR:
        found.append("onward-public-needs-clear")
    return found


def own_audiences(viewer: Viewer) -> set[Audience]:
    """The audiences of published records of the own node that `viewer` belongs to."""
    if viewer.is_staff:
        return set(Audience)
    if viewer.is_member:
        return set(Audience) - {Audience.PRIVATE}
    return {Audience.PUBLIC}


def foreign_onward(viewer: Viewer) -> set[Onward]:
    """The onward levels of foreign records that `viewer` may see (EXCHANGE.md section 11)."""
    if viewer.is_staff:
        return set(Onward)
    if viewer.is_member:
        return {Onward.MEMBERS, Onward.PUBLIC}
    return {Onward.PUBLIC}
