"""Erasing an own record: what is gone, what stays, and who may."""

from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.audit.models import Entry
from kakehashi.errors import InvalidInput, NotAllowed, NotFound
from kakehashi.records import actions, erasure, queries
from kakehashi.records.erasure import Scope
from kakehashi.records.models import ErasedKey, Reading, Record, Revision
from kakehashi.translation.texts import original
from tests import cast

pytestmark = pytest.mark.django_db
PERSON = {"contact": {"name": "Erika Mustermann", "email": "erika@isar.example"}}


def offer(now: datetime) -> Record:
    """An offer in three wordings, the first two with somebody's contact data."""
    owner = cast.organisation(now)
    body = cast.offer_body(owner, title="Erika Mustermanns Antikörper")
    record = actions.create(viewer=cast.EDITOR, body=body, person=PERSON, now=now)
    body = {**body, "title": {"de": original("Antikörper von Erika Mustermann")}}
    actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, person=PERSON, now=now)
    body = {**body, "title": {"de": original("Antikörper")}}
    actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now)
    return cast.publish(record, now, "public")


def erase(record: Record, scope: str, now: datetime, basis: str = "gdpr-17") -> None:
    actions.erase(viewer=cast.MANAGER, record_id=record.id, scope=scope, basis=basis, now=now)


def everything() -> str:
    rows = [*Revision.objects.values("body", "person"), *Reading.objects.values("body", "person", "title")]
    return str([*rows, *Entry.objects.values("facts", "object", "actor")])


def test_the_personal_part_goes_from_every_revision_and_the_texts_stay(now: datetime) -> None:
    record = offer(now)
    erase(record, "person", now)
    assert "erika@isar.example" not in everything()
    assert record.revisions.count() == 3
    assert record.revisions.get(number=1).body["title"]["de"]["text"] == "Erika Mustermanns Antikörper"


def test_earlier_wordings_go_and_the_present_one_stays(now: datetime) -> None:
    record = offer(now)
    erase(record, "earlier", now)
    assert "Mustermann" not in everything()
    assert list(record.revisions.values_list("number", flat=True)) == [3]
    assert Reading.objects.get(record=record.id).title == {"de": "Antikörper"}


def test_a_record_that_is_erased_whole_leaves_nothing_but_that_it_was_done(now: datetime) -> None:
    record = offer(now)
    erase(record, "all", now, basis="appi-35")
    assert not Record.objects.filter(pk=record.id).exists()
    assert not Reading.objects.filter(record=record.id).exists()
    assert "Antikörper" not in str(Revision.objects.values("body").exclude(body__kind="organisation"))
    row = Entry.objects.get(action="records.erase")
    assert (row.actor, row.object) == (cast.MANAGER.actor, str(record.id))
    assert row.facts == {"scope": "all", "basis": "appi-35"}


def test_only_managers_erase(now: datetime) -> None:
    record = offer(now)
    for viewer in (cast.EDITOR, cast.READER, cast.NOBODY, cast.member(record.owner or uuid4())):
        with pytest.raises(NotAllowed):
            actions.erase(viewer=viewer, record_id=record.id, scope="all", basis="gdpr-17", now=now)
        assert queries.erasable(viewer, record) == []
    assert Revision.objects.filter(record=record).count() == 3


def test_what_is_not_there_cannot_be_erased_and_no_basis_is_made_up(now: datetime) -> None:
    record = cast.offer(now)
    for scope, basis in (
        ("person", "gdpr-17"),
        ("earlier", "gdpr-17"),
        ("all", "because"),
        ("half", "agreed"),
    ):
        with pytest.raises(InvalidInput):
            erase(record, scope, now, basis)
    with pytest.raises(NotFound):
        actions.erase(viewer=cast.MANAGER, record_id=uuid4(), scope="all", basis="agreed", now=now)
    assert record.revisions.count() == 1


def test_with_an_organisation_goes_all_that_it_owns_and_who_signed_in_for_it_may_only_read(
    now: datetime,
) -> None:
    record, other = offer(now), cast.offer(now)
    owner = Record.objects.get(pk=record.owner)
    member, editor = cast.user(Role.MEMBER), cast.user(Role.EDITOR)
    User.objects.update(organisation=owner.pk)
    erase(owner, "all", now)
    assert "Mustermann" not in everything()
    assert [*Record.objects.order_by("kind").values_list("pk", flat=True)] == [other.pk, other.owner]
    assert not Revision.objects.exclude(record__in=[other.pk, other.owner]).exists()
    assert not Reading.every.exclude(record__in=[other.pk, other.owner]).exists()
    roles = dict(User.objects.filter(organisation=None).values_list("pk", "role"))
    assert roles == {member.pk: Role.READER, editor.pk: Role.EDITOR}
    assert Entry.objects.filter(action="records.erase").count() == 2


def test_what_was_erased_whole_does_not_come_back_by_an_import(now: datetime) -> None:
    body = cast.organisation_body()
    line = {"viewer": cast.EDITOR, "source": "sheet:organisation", "key": "A-17", "body": body, "now": now}
    record, _ = actions.bring(**line)
    erase(Record.objects.get(pk=record), "all", now)
    with pytest.raises(InvalidInput):
        actions.bring(**line)
    assert not Record.objects.exists()
    assert "A-17" not in str(ErasedKey.objects.values())
    again, outcome = actions.bring(**{**line, "key": "A-18"})
    assert (outcome, Record.objects.get().pk) == ("created", again)


def test_an_erasure_that_a_restored_database_does_not_know_is_made_up_for(now: datetime) -> None:
    record = offer(now)
    actions.destroy(record_id=record.id, scope=Scope.EARLIER, through=3, now=now)
    assert list(record.revisions.values_list("number", flat=True)) == [3]
    older = offer(now)  # as if the backup were from before the wording that was kept
    actions.destroy(record_id=older.id, scope=Scope.EARLIER, through=4, now=now)
    assert not Record.objects.filter(pk=older.id).exists()
    assert actions.destroy(record_id=older.id, scope=Scope.ALL, through=4, now=now) is False


def test_a_person_is_found_by_address_in_every_revision(now: datetime) -> None:
    record = offer(now)
    assert queries.with_contact(cast.MANAGER, "ERIKA@isar.example") == [record.id]
    assert queries.with_contact(cast.MANAGER, "other@isar.example") == []
    assert queries.with_contact(cast.EDITOR, "erika@isar.example") == []


@given(st.booleans(), st.integers(1, 9))
def test_a_scope_is_offered_exactly_where_there_is_something_of_it(has_person: bool, revisions: int) -> None:
    offered = erasure.scopes(has_person=has_person, revisions=revisions)
    assert (Scope.PERSON in offered) == has_person
    assert (Scope.EARLIER in offered) == (revisions > 1)
    assert Scope.ALL in offered
    assert all(erasure.PARTS[scope] in (["person"], ["body"], ["body", "person"]) for scope in offered)
