"""What the people of this node were told by mail, so that they are told once."""

from datetime import datetime

from django.db import transaction

from kakehashi.audit.actions import note
from kakehashi.introductions.models import Notice


@transaction.atomic
def told(*, about: str, sent: int, now: datetime) -> None:
    """Keep in mind that a mail went out to `sent` people; that of one occasion goes out once."""
    Notice.objects.create(about=about, at=now, sent=sent)
    note(at=now, actor="worker", action="introductions.notice", object=about[:300], sent=sent)
