"""What people read instead of codes: stages, reasons, results, who acts and what on."""

from django.utils.translation import gettext_lazy as _

from kakehashi.introductions.moves import Move
from kakehashi.introductions.steps import Reason, Result, Return, Status
from kakehashi.records.labels import KIND as CONTENT
from kakehashi.translation.lazy import Promise

BOARD = _("Introductions")
KIND: dict[str, Promise] = {  # one record in the disclosure log
    **CONTENT,
    "interest": _("Expression of interest"),
    "reply": _("Reply"),
    "outcome": _("Outcome"),
    "confirmation": _("Confirmation"),
    "comment": _("Comment"),
    "mission": _("Mission"),
    "tally": _("Count of records that do not cross"),
    "term": _("Change of the glossary"),
}
STATUS: dict[str, Promise] = {
    Status.REQUESTED: _("With the asker’s cluster"),
    Status.RETURNED: _("Given back to the asker"),
    Status.CHECKED: _("With the owner’s cluster"),
    Status.OFFERED: _("With the owner"),
    Status.ACCEPTED: _("Both have said yes"),
    Status.MEETING: _("Meeting"),
    Status.CDA: _("Confidentiality agreed"),
    Status.NEGOTIATION: _("Negotiation"),
    Status.OUTCOME: _("Outcome reported"),
    Status.CONFIRMED: _("Outcome confirmed"),
    Status.DECLINED: _("Declined"),
    Status.WITHDRAWN: _("The question was withdrawn"),
    Status.EXPIRED: _("Expired without an answer"),
    Status.ENDED: _("The agreement has ended"),
}
# What is to be done next, said to whoever looks.
NEXT: dict[str, Promise] = {
    Status.REQUESTED: _("The asker’s cluster checks the question and passes it on."),
    Status.RETURNED: _("The asker puts the question in other words, or withdraws it."),
    Status.CHECKED: _("The owner’s cluster shows the question to the owner."),
    Status.OFFERED: _("The owner says yes, or no with a reason."),
    Status.ACCEPTED: _("Both arrange a first meeting."),
    Status.MEETING: _("Both agree on confidentiality, or report what came of it."),
    Status.CDA: _("Both negotiate, or report what came of it."),
    Status.NEGOTIATION: _("Both report what came of it."),
    Status.OUTCOME: _("The other side confirms the outcome."),
}
REASONS: dict[str, Promise] = {
    Reason.TOO_EARLY: _("Too early for us"),
    Reason.BENEFIT_UNCLEAR: _("The benefit is not clear to us"),
    Reason.ROUTE_UNCLEAR: _("The commercial route is not clear to us"),
    Reason.DESCRIPTION_UNCLEAR: _("The description is not clear enough"),
    Reason.SCIENTIFIC: _("Scientific reasons"),
    Reason.OFF_STRATEGY: _("Not within our strategy"),
    Reason.NO_CAPACITY: _("No capacity at present"),
    Reason.IP: _("Intellectual property"),
    Reason.OTHER: _("Another reason"),
}
RETURNS: dict[str, Promise] = {
    Return.INCOMPLETE: _("The answers are too short to be passed on"),
    Return.DOES_NOT_FIT: _("The record is about something else"),
    Return.CONFIDENTIAL: _("The texts say something confidential"),
    Return.ASKED_ALREADY: _("The same has been asked already"),
    Return.OTHER: _("Another reason"),
}
RESULTS: dict[str, Promise] = {
    Result.BUSINESS: _("Business agreement"),
    Result.TECHNOLOGY: _("Technology agreement"),
    Result.RESEARCH: _("Research agreement"),
    Result.NONE: _("No agreement"),
}
MOVES: dict[str, Promise] = {
    Move.CHECK: _("Pass the question on to the partner"),
    Move.RETURN: _("Give it back with a reason"),
    Move.ASK_AGAIN: _("Ask again in other words"),
    Move.HAND_ON: _("Show the question to the owner"),
    Move.ACCEPT: _("Yes, make contact"),
    Move.DECLINE: _("No, with a reason"),
    Move.MEETING: _("Arrange a meeting"),
    Move.CDA: _("Confidentiality has been agreed"),
    Move.NEGOTIATION: _("Negotiation has begun"),
    Move.RESCHEDULE: _("Move a meeting"),
    Move.CALL_OFF: _("Call a meeting off"),
    Move.OUTCOME: _("Report what came of it"),
    Move.CONFIRM: _("Confirm the outcome"),
    Move.DISPUTE: _("Dispute the outcome"),
    Move.WITHDRAW: _("Withdraw the question"),
}
HELP: dict[str, Promise] = {
    Move.CHECK: _("It crosses to the partner at once, without any person’s name."),
    Move.HAND_ON: _("The owner’s people see then who asks and what."),
    Move.ACCEPT: _("Both sides see the contacts of each other from now on."),
    Move.DECLINE: _("The reason reaches the asker in its own language."),
    Move.WITHDRAW: _("What was written, and any contact, is deleted on both sides."),
    Move.RESCHEDULE: _("Whoever was invited is told, and the calendars that have the meeting change it."),
    Move.CALL_OFF: _("Whoever was invited is told, and the calendars that have the meeting take it out."),
    Move.OUTCOME: _("It counts once the other side has confirmed it."),
}
# One line of the thread, by what was said.
SAID: dict[str, Promise] = {
    "asked": _("The question was asked"),
    "returned": _("The asker’s cluster gave it back"),
    "checked": _("The asker’s cluster checked it and gave it to the partner"),
    "withdrawn": _("The asker withdrew it"),
    "passed": _("The owner’s cluster showed it to the owner"),
    "accepted": _("The owner said yes"),
    "declined": _("The owner said no"),
    "meeting": _("A meeting was arranged"),
    "moved": _("A meeting was moved"),
    "cancelled": _("A meeting was called off"),
    "cda": _("Confidentiality was agreed"),
    "negotiation": _("Negotiation began"),
    "business": _("Reported: business agreement"),
    "technology": _("Reported: technology agreement"),
    "research": _("Reported: research agreement"),
    "none": _("Reported: no agreement"),
    "confirmed": _("The other side confirmed the outcome"),
    "disputed": _("The other side disputed the outcome"),
}
ACTS: dict[str, Promise] = {
    "asker": _("the asker"),
    "asker_cluster": _("the asker’s cluster"),
    "owner": _("the owner"),
    "owner_cluster": _("the owner’s cluster"),
    "both": _("both sides"),
    "other": _("the side that did not report it"),
}
URGENCY: dict[str, Promise] = {
    "soon": _("due soon"),
    "overdue": _("overdue"),
    "escalate": _("long overdue"),
}
WAITS: dict[str, Promise] = {
    "me": _("Waits for you"),
    "them": _("Waits for others"),
    "closed": _("Closed"),
}
