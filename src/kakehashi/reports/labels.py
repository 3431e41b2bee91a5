"""What people read in a report: how each number is defined, and what a law answers."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Definition(NamedTuple):
    """How one group of numbers is counted."""

    key: str
    name: Promise
    text: Promise


DEFINITIONS = [
    Definition(
        "given",
        _("Given and received"),
        _(
            "A record counts once: on the day when its origin first signed it into the log of an agreement "
            "between the two sides. Revisions do not count again, nor does a second agreement. What was "
            "withdrawn or has expired since stays counted, because it was given."
        ),
    ),
    Definition(
        "clause",
        _("Under each clause"),
        _(
            "A record counts under the clause that its signed header names. A clause is idle if records "
            "could have fulfilled it and none was given in the period."
        ),
    ),
    Definition(
        "companies",
        _("Small and mid-sized companies"),
        _(
            "Companies that own a record given in the period or took part in a mission, each once. What a "
            "law says is computed from the sourced figures on file at this node; without them it is "
            "undetermined."
        ),
    ),
    Definition(
        "introductions",
        _("From match to outcome"),
        _(
            "Introductions whose question crossed in the period, at each stage that they have reached since, "
            "with the median time from the crossing. An outcome counts only when both sides have confirmed "
            "it, on the day of the confirmation."
        ),
    ),
    Definition(
        "missions",
        _("Missions and practices taken over"),
        _(
            "Missions whose first day lies in the period, with the organisations of each side. A practice "
            "counts as taken over when an organisation of the other side has said so, each organisation once."
        ),
    ),
    Definition(
        "days",
        _("Days"),
        _("Days begin and end in UTC, so that both nodes draw the same line."),
    ),
    Definition(
        "rights",
        _("Who sees what"),
        _(
            "The clusters’ own people see all that crossed. Everybody else sees the numbers of what was "
            "public when it was given."
        ),
    ),
]
ANSWERS: dict[str, Promise] = {
    "yes": _("SME"),
    "no": _("Not an SME"),
    "undetermined": _("Undetermined"),
}
