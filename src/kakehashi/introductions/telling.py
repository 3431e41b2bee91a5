"""Mails about introductions to the people of this node, each in its reader's language, each once."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER
from kakehashi.introductions import labels, notices, queries
from kakehashi.introductions.notices import Due
from kakehashi.introductions.queries import Introduction
from kakehashi.mail import actions as mail
from kakehashi.mail import queries as mailed
from kakehashi.records.templatetags.readings import titled


def tell(*, now: datetime) -> int:
    """Send what is due; gives the number of occasions. What could not be sent to anybody is tried again."""
    done, here = 0, this.node().name
    found = [(each, due) for each in queries.every(WORKER, now) for due in notices.due(each.state, here, now)]
    told = mailed.told([due.about for _each, due in found])
    for each, due in found:
        if due.about not in told:
            people = list(_people(each, due))
            sent = sum(_send(person, each, due) for person in people)
            if sent or not people:
                mail.keep(about=due.about, sent=sent, now=now)
                done += 1
    return done


def _people(each: Introduction, due: Due) -> list[User]:
    """Those to be told; an organisation without people of its own is looked after by the managers."""
    if due.to == "managers":
        return list(accounts.managers())
    concerned = each.interest if due.to == "asker" else each.target
    members = list(accounts.members_of(concerned.owner)) if concerned else []
    return members or list(accounts.managers())


def _send(person: User, each: Introduction, due: Due) -> bool:
    with override(person.language):
        return mail.post(person.email, "introductions/mail/step", _facts(each, due))


def _facts(each: Introduction, due: Due) -> dict[str, object]:
    state = each.state
    reasons = {**labels.RETURNS, **labels.REASONS}
    return {
        "kind": due.kind,
        "title": titled(each.target).text if each.target else "",
        "asker": each.interest.owner_name if each.names_asker else "",
        "status": labels.STATUS[state.status],
        "next": labels.NEXT.get(state.status, ""),
        "reason": reasons.get(state.reason, ""),
        "result": labels.RESULTS.get(state.result, ""),
        "due": state.due,
        "address": this.node().pages + reverse("introductions:thread", args=each.key),
    }
