"""Sends one mail, and keeps in mind what was told."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from kakehashi.audit.actions import note
from kakehashi.mail.models import Told

SUBJECT = 200  # characters
log = logging.getLogger(__name__)


def post(
    address: str,
    template: str,
    facts: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    calendar: tuple[str, str] | None = None,
) -> bool:
    """Send the texts of `template` (NAME_subject.txt, NAME_message.txt) in the language that is active now.

    `calendar`: an iCalendar file and its method, which mail programs offer to answer (RFC 6047).
    False if it could not be sent; the log says why, and whoever calls tries again later.
    """
    subject = " ".join(render_to_string(f"{template}_subject.txt", dict(facts)).split())[:SUBJECT]
    body = render_to_string(f"{template}_message.txt", dict(facts))
    mail = EmailMultiAlternatives(subject, body, to=[address], headers=dict(headers or {}))
    if calendar:
        data, method = calendar
        mail.attach_alternative(data, f"text/calendar; method={method}")
    try:
        return bool(mail.send())
    except OSError:  # that of mail is one, too
        log.exception("a mail was not sent: %s", template)
        return False


@transaction.atomic
def keep(*, about: str, sent: int, now: datetime) -> None:
    """Keep in mind that `sent` people were told of an occasion, such as "introductions/…"."""
    Told.objects.create(about=about, at=now, sent=sent)
    note(at=now, actor="worker", action="mail.told", object=about[:300], sent=sent)
