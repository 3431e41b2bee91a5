"""The owner's side: its cluster passes the question on, the owner says yes or, with a reason, no."""

from datetime import datetime

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.introductions.actions.common import message, spoken, step, tell
from kakehashi.introductions.actions.opening import without_person
from kakehashi.introductions.contact import Contact
from kakehashi.introductions.events import Key
from kakehashi.introductions.moves import Move
from kakehashi.introductions.steps import Reason


@transaction.atomic
def pass_on(*, viewer: Viewer, interest: Key, now: datetime) -> None:
    """The owner's cluster shows the question to the owner's people."""
    found = step(viewer, interest, Move.HAND_ON, now)
    tell(viewer, found, "reply", spoken("passed", now), now)
    note(at=now, actor=viewer.actor, action="introductions.pass-on", object=interest[1])


@transaction.atomic
def accept(*, viewer: Viewer, interest: Key, contact: Contact, now: datetime) -> None:
    """The second yes: the owner's contact crosses with it, and the asker's node gives its own in return."""
    found = step(viewer, interest, Move.ACCEPT, now)
    tell(viewer, found, "reply", spoken("accepted", now), now, person=contact.person())
    note(at=now, actor=viewer.actor, action="introductions.accept", object=interest[1])


@transaction.atomic
def decline(*, viewer: Viewer, interest: Key, reason: Reason, words: str, lang: str, now: datetime) -> None:
    """No, with a reason that the asker reads in its own language; it takes a yes given before back."""
    found = step(viewer, interest, Move.DECLINE, now)
    more = {"reason": reason.value, "lang": lang, **message("message", words, lang)}
    tell(viewer, found, "reply", spoken("declined", now) | more, now)
    for reply in found.said:
        if reply.own and reply.kind == "reply" and reply.person:
            without_person(viewer=viewer, said=reply, lineage=found.lineage, now=now)
    note(at=now, actor=viewer.actor, action="introductions.decline", object=interest[1], reason=reason.value)
