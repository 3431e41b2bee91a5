"""From a form that was sent to the action that takes the step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.introductions import actions
from kakehashi.introductions.forms import StepForm
from kakehashi.introductions.moves import Move
from kakehashi.introductions.queries import Introduction
from kakehashi.introductions.steps import Reason, Result, Return, Status
from kakehashi.ui.languages import reader_language


def _meeting(form: StepForm) -> dict[str, Any]:
    facts = form.cleaned_data
    return {
        "start": facts["start"],
        "minutes": facts["minutes"],
        "place": facts["place"],
        "zones": (this.node().time_zone, facts["zone"]),
    }


def _which(form: StepForm) -> dict[str, UUID]:
    return {"meeting": UUID(form.cleaned_data["meeting"])}


# The action, and what of the form it takes.
_STEPS: dict[Move, tuple[Callable[..., Any], Callable[[Any], dict[str, Any]]]] = {
    Move.CHECK: (actions.check, lambda form: {}),
    Move.RETURN: (
        actions.give_back,
        lambda form: {"reason": Return(form.cleaned_data["reason"]), **_words(form)},
    ),
    Move.ASK_AGAIN: (
        actions.ask_again,
        lambda form: {"asked": form.asked(reader_language()), "contact": form.contact},
    ),
    Move.HAND_ON: (actions.pass_on, lambda form: {}),
    Move.ACCEPT: (actions.accept, lambda form: {"contact": form.contact}),
    Move.DECLINE: (
        actions.decline,
        lambda form: {"reason": Reason(form.cleaned_data["reason"]), **_words(form)},
    ),
    Move.MEETING: (actions.arrange, _meeting),
    Move.RESCHEDULE: (actions.reschedule, lambda form: {**_which(form), **_meeting(form)}),
    Move.CALL_OFF: (actions.call_off, lambda form: {**_which(form), **_words(form)}),
    Move.CDA: (actions.reach, lambda form: {"milestone": Status.CDA, **_words(form)}),
    Move.NEGOTIATION: (actions.reach, lambda form: {"milestone": Status.NEGOTIATION, **_words(form)}),
    Move.OUTCOME: (
        actions.report,
        lambda form: {"result": Result(form.cleaned_data["result"]), **_words(form)},
    ),
    Move.CONFIRM: (actions.judge, lambda form: {"agrees": True, **_words(form)}),
    Move.DISPUTE: (actions.judge, lambda form: {"agrees": False, **_words(form)}),
    Move.WITHDRAW: (actions.withdraw, lambda form: {}),
}


def take(request: Request, found: Introduction, move: Move, form: StepForm) -> None:
    """Take one step of an introduction as its form says."""
    action, facts = _STEPS[move]
    action(viewer=request.viewer, interest=found.key, now=request.now, **facts(form))


def _words(form: StepForm) -> dict[str, str]:
    return {"words": form.cleaned_data["words"], "lang": reader_language()}
