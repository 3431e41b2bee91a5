"""Searches that people save to be told of new answers, and end."""

import secrets
from datetime import datetime

from django.db import transaction

from kakehashi.accounts.models import User
from kakehashi.accounts.queries import viewer_of
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.matching.models import SavedSearch
from kakehashi.matching.queries.saved import answers, last_stamp, name

MOST = 20  # searches of one person


@transaction.atomic
def save_search(
    *, person: User, text: str, filters: dict[str, str], daily: bool, now: datetime
) -> SavedSearch:
    """Keep a search; what answers it now is known, and not told of. The same one is kept once.

    InvalidInput for one that asks nothing; Conflict for more than MOST.
    """
    text = " ".join(text.split())[:400]
    filters = {key: value for key, value in filters.items() if value}
    if not text and not filters:
        raise InvalidInput({"q": ["required"]})
    SavedSearch.objects.filter(person=person, text=text, filters=filters).delete()
    if SavedSearch.objects.filter(person=person).count() >= MOST:
        raise Conflict("matching.saved")
    known = [name(reading) for reading in answers(viewer_of(person), text, filters, now)]
    facts = {"text": text, "filters": filters, "daily": daily, "known": known, "created_at": now}
    token = secrets.token_urlsafe(32)
    return SavedSearch.objects.create(person=person, token=token, seen=last_stamp(), **facts)


@transaction.atomic
def end_search(*, token: str) -> bool:
    """Tell no more of a search; False if it is not there (any more)."""
    return bool(SavedSearch.objects.filter(token=token).delete()[0])
