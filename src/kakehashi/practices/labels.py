"""What people read on the pages of what is said of practices."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Way(NamedTuple):
    """One way of speaking: the link to its form, the form's title and the question that it asks."""

    link: Promise
    title: Promise
    asks: Promise
    done: Promise


WAYS: dict[str, Way] = {
    "question": Way(
        _("Ask a question"),
        _("Ask about this practice"),
        _("What would you like to know?"),
        _("Your question is on its way to the other side."),
    ),
    "answer": Way(
        _("Answer"),
        _("Answer the question"),
        _("Your answer"),
        _("Your answer is on its way to the other side."),
    ),
    "endorsement": Way(
        _("Endorse it"),
        _("Endorse this practice"),
        _("What convinces you?"),
        _("Your endorsement is on its way to the other side."),
    ),
    "adoption": Way(
        _("We took this over"),
        _("Tell how you took this over"),
        _("What did you take over, and what did it need?"),
        _("What you took over is on its way to the other side."),
    ),
}
