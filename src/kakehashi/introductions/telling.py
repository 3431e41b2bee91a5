"""Mails about introductions to the people of this node, each in its reader's language, each once."""

import logging
from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from kakehashi import this
from kakehashi.accounts import queries as accounts
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER
from kakehashi.introductions import actions, labels, notices, queries
from kakehashi.introductions.notices import Due
from kakehashi.introductions.queries import Introduction
from kakehashi.records.templatetags.readings import titled

log = logging.getLogger(__name__)


def tell(*, now: datetime) -> int:
    """Send what is due; gives the number of occasions. What could not be sent to anybody is tried again."""
    done, here = 0, this.node().name
    found = [(each, due) for each in queries.every(WORKER, now) for due in notices.due(each.state, here, now)]
    told = queries.told(WORKER, [due.about for _each, due in found])
    for each, due in found:
        if due.about not in told:
            people = list(_people(each, due))
            sent = sum(_send(person, each, due) for person in people)
            if sent or not people:
                actions.told(about=due.about, sent=sent, now=now)
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
        facts = _facts(each, due)
        subject = render_to_string("introductions/mail/subject.txt", facts).strip()
        body = render_to_string("introductions/mail/message.txt", facts)
    try:
        return bool(EmailMessage(subject, body, to=[person.email]).send())
    except OSError:  # that of mail is one, too
        log.exception("the mail about %s was not sent", due.about)
        return False


def _facts(each: Introduction, due: Due) -> dict[str, object]:
    state, node = each.state, this.node()
    home = f"http://127.0.0.1:{node.port}" if node.demo else f"https://{node.name}"
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
        "address": home + reverse("introductions:thread", args=each.key),
    }
