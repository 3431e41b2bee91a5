"""The steps of an introduction as a table: who acts next, what on, and by when."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

Party: TypeAlias = Literal["asker", "asker_cluster", "owner", "owner_cluster", "both", "other", "nobody"]


class Status(StrEnum):
    """Where an introduction stands (PRODUCT.md section 6); identities are open from ACCEPTED to CONFIRMED.

    REQUESTED and RETURNED are between the asker and its own cluster: nothing has crossed. CHECKED waits for
    the owner's cluster, OFFERED for the owner. ENDED: the agreement that carried it is over.
    """

    REQUESTED = "requested"
    RETURNED = "returned"
    CHECKED = "checked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    MEETING = "meeting"
    CDA = "cda"
    NEGOTIATION = "negotiation"
    OUTCOME = "outcome"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


class Return(StrEnum):
    """Why the asker's own cluster gives an interest back before it crosses."""

    INCOMPLETE = "incomplete"
    DOES_NOT_FIT = "does_not_fit"
    CONFIDENTIAL = "confidential"
    ASKED_ALREADY = "asked_already"
    OTHER = "other"


class Reason(StrEnum):
    """Why an owner declines."""

    TOO_EARLY = "too_early"
    BENEFIT_UNCLEAR = "benefit_unclear"
    ROUTE_UNCLEAR = "commercial_route_unclear"
    DESCRIPTION_UNCLEAR = "description_unclear"
    SCIENTIFIC = "scientific"
    OFF_STRATEGY = "off_strategy"
    NO_CAPACITY = "no_capacity"
    IP = "ip"
    OTHER = "other"


class Result(StrEnum):
    """What came of it. NONE closes an introduction that led to nothing; it needs no confirmation."""

    BUSINESS = "business"
    TECHNOLOGY = "technology"
    RESEARCH = "research"
    NONE = "none"


MILESTONES = (Status.MEETING, Status.CDA, Status.NEGOTIATION)
CANCELLED = "cancelled"  # what is said of a meeting that was called off: it is no milestone any more
OPEN = {Status.ACCEPTED, *MILESTONES, Status.OUTCOME, Status.CONFIRMED}
FINAL = {Status.CONFIRMED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED, Status.ENDED}
# The owner sees who asks from the moment the asker's own cluster has let the interest pass.
ASKER_SHOWN = {Status.CHECKED, Status.OFFERED, *OPEN}


@dataclass(frozen=True)
class Step:
    """What comes after a status: who acts, and within which time. `escalate`: who is told when nobody did."""

    acts: Party
    within: timedelta
    escalate: Party


NEXT: dict[Status, Step] = {
    Status.REQUESTED: Step("asker_cluster", timedelta(days=5), "asker_cluster"),
    Status.RETURNED: Step("asker", timedelta(days=14), "asker_cluster"),
    # Together two weeks: no asker waits longer for a yes or a reasoned no.
    Status.CHECKED: Step("owner_cluster", timedelta(days=4), "owner_cluster"),
    Status.OFFERED: Step("owner", timedelta(days=10), "owner_cluster"),
    Status.ACCEPTED: Step("both", timedelta(days=30), "both"),
    Status.MEETING: Step("both", timedelta(days=60), "both"),
    Status.CDA: Step("both", timedelta(days=90), "both"),
    Status.NEGOTIATION: Step("both", timedelta(days=180), "both"),
    Status.OUTCOME: Step("other", timedelta(days=30), "both"),
}
EXPIRES_AFTER = timedelta(days=60)  # an offer that nobody answers, or that the own cluster never checks
NOTICE = timedelta(days=3)
ESCALATE_AFTER = timedelta(days=7)
