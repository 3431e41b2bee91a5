"""The demonstration's sign-ins work, and asking for them twice changes nothing."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from kakehashi.accounts import actions, demonstration
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.audit.models import Entry
from kakehashi.errors import NotAllowed
from tests import cast

pytestmark = pytest.mark.django_db


def test_there_is_one_sign_in_per_role_and_each_works(now: datetime) -> None:
    for role, email, password in demonstration.people("munich"):
        actions.ensure_person(viewer=WORKER, email=email, role=role, password=password, now=now)
        signed_in = authenticate(RequestFactory().post("/"), email=email, password=password)
        assert signed_in is not None
        assert Role(signed_in.role) is role
    assert sorted(User.objects.values_list("role", flat=True)) == [role.value for role in Role if role]


def test_ensuring_somebody_twice_writes_nothing_and_keeps_their_password(now: datetime) -> None:
    organisation = uuid4()
    person = actions.ensure_person(
        viewer=WORKER,
        email="M@munich.example",
        role=Role.MEMBER,
        password="first one",
        organisation=organisation,
        now=now,
    )
    again = actions.ensure_person(
        viewer=WORKER,
        email="m@munich.example",
        role=Role.MEMBER,
        password="other",
        organisation=organisation,
        now=now,
    )
    assert again == person
    assert again.check_password("first one")
    assert Entry.objects.count() == 1


def test_nobody_makes_somebody_with_more_rights_than_their_own(now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.ensure_person(viewer=cast.MANAGER, email="o@munich.example", role=Role.OPERATOR, now=now)
    with pytest.raises(NotAllowed):
        actions.ensure_person(viewer=cast.EDITOR, email="r@munich.example", role=Role.READER, now=now)
    assert not User.objects.exists()
