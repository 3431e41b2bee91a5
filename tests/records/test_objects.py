"""Threat 18: who may change one record cannot name another in the body; the address alone says which."""

from datetime import datetime

import pytest
from django.test import Client

from kakehashi.accounts.viewer import Role
from kakehashi.records.models import Record
from tests import cast

pytestmark = pytest.mark.django_db
NAMES = ("id", "record", "record_id", "object", "owner", "pk", "origin", "uuid")


def facts(record: Record) -> tuple[object, ...]:
    fresh = Record.objects.get(pk=record.pk)
    return fresh.state, fresh.audience, fresh.revision, fresh.owner, fresh.tlp


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("change", {"to": "on_hold"}),
        ("level", {"audience": "private", "tlp": "RED", "onward": "none"}),
        ("edit", {"title_de": "Anders", "organisation": ""}),
        ("erase", {"scope": "record", "basis": "gdpr-17"}),
    ],
)
@pytest.mark.parametrize("role", [Role.MEMBER, Role.EDITOR, Role.MANAGER])
def test_threat_18_what_is_written_is_what_was_authorised(
    now: datetime, page: str, form: dict[str, str], role: Role
) -> None:
    mine = cast.offer(now, cast.organisation(now))
    other = cast.offer(now, cast.organisation(now, name="Andere Biotech GmbH"))
    before = facts(other)
    client = Client()
    client.force_login(cast.user(role, mine.owner if role == Role.MEMBER else None))
    body = form | dict.fromkeys(NAMES, str(other.id))
    answer = client.post(f"/de/records/{cast.HERE}/{mine.id}/{page}/", body)
    assert answer.status_code < 500
    assert facts(other) == before
