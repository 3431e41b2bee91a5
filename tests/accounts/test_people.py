"""What managers may do to people, what people may do to themselves, and what is left in the audit."""

import json
from datetime import datetime
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from kakehashi.accounts import actions, queries
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER, Role, Viewer
from kakehashi.audit.models import Entry
from kakehashi.errors import Conflict, NotAllowed, NotFound
from kakehashi.records import actions as records
from kakehashi.records.models import Revision
from tests import cast

pytestmark = pytest.mark.django_db
NOT_MANAGERS = [cast.NOBODY, cast.READER, cast.member(uuid4()), cast.EDITOR]


def person(now: datetime, role: Role = Role.READER, email: str = "", **facts: object) -> User:
    email = email or f"{role.name.lower()}@munich.example"
    return actions.ensure_person(viewer=WORKER, email=email, role=role, now=now, password="p", **facts)


def place(viewer: Viewer, somebody: User, role: Role, now: datetime) -> User:
    return actions.place(viewer=viewer, person_id=somebody.pk, role=role, organisation=None, now=now)


def invite(now: datetime, email: str = "new@munich.example", **facts: object) -> User:
    given = {
        "viewer": cast.MANAGER,
        "role": Role.EDITOR,
        "organisation": None,
        "language": "ja",
        "name": "花子",
    }
    return actions.invite(email=email, now=now, **{**given, **facts})


@pytest.mark.parametrize("viewer", NOT_MANAGERS, ids=lambda viewer: viewer.role.name)
def test_only_managers_see_or_change_people(viewer: Viewer, now: datetime) -> None:
    somebody = person(now)
    with pytest.raises(NotAllowed):
        queries.people(viewer)
    with pytest.raises(NotAllowed):
        place(viewer, somebody, Role.READER, now)
    with pytest.raises(NotAllowed):
        invite(now, viewer=viewer, role=Role.READER)
    with pytest.raises(NotAllowed):
        actions.set_active(viewer=viewer, person_id=somebody.pk, active=False, now=now)


def test_a_manager_gives_a_role_and_the_audit_says_so(now: datetime) -> None:
    somebody = person(now)
    assert place(cast.MANAGER, somebody, Role.EDITOR, now).role == Role.EDITOR
    entry = Entry.objects.get(action="accounts.place")
    assert (entry.actor, entry.object, entry.facts["role"]) == (cast.MANAGER.actor, somebody.email, "editor")


def test_a_manager_neither_makes_nor_touches_an_operator(now: datetime) -> None:
    operator, somebody = person(now, Role.OPERATOR), person(now)
    with pytest.raises(NotAllowed):
        place(cast.MANAGER, somebody, Role.OPERATOR, now)
    with pytest.raises(NotFound):
        place(cast.MANAGER, operator, Role.READER, now)
    with pytest.raises(NotFound):
        actions.set_active(viewer=cast.MANAGER, person_id=operator.pk, active=False, now=now)


def test_the_last_manager_can_neither_step_down_nor_be_shut_out_nor_leave(now: datetime) -> None:
    last = person(now, Role.MANAGER)
    person(now, Role.MANAGER, "former@munich.example", name="shut out")
    actions.set_active(
        viewer=cast.MANAGER, person_id=User.objects.get(name="shut out").pk, active=False, now=now
    )
    with pytest.raises(Conflict):
        place(cast.MANAGER, last, Role.EDITOR, now)
    with pytest.raises(Conflict):
        actions.set_active(viewer=cast.MANAGER, person_id=last.pk, active=False, now=now)
    with pytest.raises(Conflict):
        actions.leave(person=last, now=now)
    person(now, Role.MANAGER, "second@munich.example")
    assert place(cast.MANAGER, last, Role.EDITOR, now).role == Role.EDITOR


def test_an_unconfirmed_address_gets_no_more_than_reading(now: datetime) -> None:
    squatter = User.objects.create_user("ceo@munich.example", "mine")
    with pytest.raises(Conflict):
        place(cast.MANAGER, squatter, Role.MEMBER, now)
    assert place(cast.MANAGER, squatter, Role.READER, now).role == Role.READER


def test_an_invitation_voids_the_password_of_whoever_squatted_on_the_address(now: datetime) -> None:
    User.objects.create_user("ceo@munich.example", "mine")
    invited = invite(now, "CEO@munich.example")
    assert not invited.check_password("mine")
    assert not invited.has_usable_password()
    assert EmailAddress.objects.get(user=invited).verified
    assert User.objects.count() == 1


def test_somebody_who_is_here_already_is_not_invited_again(now: datetime) -> None:
    somebody = person(now)
    with pytest.raises(Conflict):
        invite(now, somebody.email)
    assert User.objects.get().check_password("p")


def test_leaving_deletes_the_person_and_leaves_what_was_done_without_the_name(now: datetime) -> None:
    editor = person(now, Role.EDITOR, "erika@munich.example", name="Erika Muster")
    viewer = Viewer(role=Role.EDITOR, actor=editor.email)
    records.create(viewer=viewer, body=cast.organisation_body(), now=now)
    pseudonym = actions.leave(person=editor, now=now)
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert Revision.objects.get().by == pseudonym
    kept = json.dumps(list(Entry.objects.values("actor", "object", "facts")))
    assert "erika" not in kept.casefold()
    assert Entry.objects.filter(actor=pseudonym, action="records.create").count() == 1


def test_leaving_also_forgets_the_addresses_that_one_had_before(now: datetime) -> None:
    somebody = person(now, email="new@munich.example")
    for before, after in (
        ("oldest@munich.example", "old@munich.example"),
        ("old@munich.example", somebody.email),
    ):
        Entry.objects.create(
            at=now, actor=before, action="accounts.email", object=after, facts={"before": before}
        )
    assert queries.addresses(somebody) == [
        "new@munich.example",
        "old@munich.example",
        "oldest@munich.example",
    ]
    actions.leave(person=somebody, now=now)
    kept = json.dumps(list(Entry.objects.values("actor", "object", "facts")))
    assert "munich.example" not in kept


def test_everybody_downloads_what_is_kept_about_them_and_nothing_about_others(
    client: Client, now: datetime
) -> None:
    editor = person(now, Role.EDITOR, "erika@munich.example", name="Erika Muster")
    records.create(
        viewer=Viewer(role=Role.EDITOR, actor=editor.email), body=cast.organisation_body(), now=now
    )
    records.create(viewer=cast.EDITOR, body=cast.organisation_body("Other GmbH"), now=now)
    client.force_login(editor)
    answer = client.get("/de/settings/my-data.json")
    kept = json.loads(answer.content)
    assert kept["account"]["name"] == "Erika Muster"
    assert [row["body"]["names"]["de"] for row in kept["revisions"]] == ["Isar Biologics GmbH"]
    assert [row["action"] for row in kept["done"]] == ["records.create"]
    assert "password" not in kept["account"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_own_account_is_deleted_only_after_the_password_was_asked_for_once_more(
    client: Client, now: datetime
) -> None:
    client.force_login(person(now))
    asked = client.post("/en/settings/leave/")
    assert User.objects.exists()
    client.post(asked.headers["Location"], {"password": "p"})
    client.post("/en/settings/leave/")
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_settings_say_who_one_is_and_keep_name_and_language(client: Client, now: datetime) -> None:
    owner = cast.organisation(now)
    somebody = person(now, Role.MEMBER, organisation=owner.id)
    client.force_login(somebody)
    html = client.get("/de/settings/").content.decode()
    assert "Mitglied" in html
    assert "Isar Biologics GmbH" in html
    client.post("/de/settings/", {"name": "山田 花子", "language": "ja"})
    somebody.refresh_from_db()
    assert (somebody.name, somebody.language, somebody.role) == ("山田 花子", "ja", Role.MEMBER)
    refused = client.post("/de/settings/", {"name": "x" * 201, "language": "fr"})
    assert refused.status_code == 200
    assert refused.content.decode().count('aria-invalid="true"') == 2


def test_the_list_of_people_finds_by_name_and_says_how_each_stands(client: Client, now: datetime) -> None:
    client.force_login(person(now, Role.MANAGER))
    invite(now)
    User.objects.create_user("squatter@munich.example", "mine")
    gone = person(now, email="gone@munich.example")
    actions.set_active(viewer=cast.MANAGER, person_id=gone.pk, active=False, now=now)
    html = client.get("/en/people/").content.decode()
    assert [words in html for words in ("invited", "address not confirmed", "shut out")] == [True] * 3
    found = client.get("/en/people/", {"q": "花"}).content.decode()
    assert "new@munich.example" in found
    assert "gone@munich.example" not in found


def test_a_member_without_an_organisation_and_a_name_that_fits_two_are_refused_with_words(
    client: Client, now: datetime
) -> None:
    client.force_login(person(now, Role.MANAGER))
    somebody = person(now)
    for _ in range(2):
        cast.organisation(now)
    address = f"/en/people/{somebody.pk}/"
    assert "A member belongs to an organisation" in client.post(address, {"role": "2"}).content.decode()
    twins = client.post(address, {"role": "2", "organisation": "Isar Biologics GmbH"}).content.decode()
    assert "Several organisations have that name" in twins
    unknown = client.post(address, {"role": "2", "organisation": "Nobody Ltd"}).content.decode()
    assert "No organisation of this node" in unknown
    above = client.post(address, {"role": "5"}).content.decode()
    assert 'aria-invalid="true"' in above
    somebody.refresh_from_db()
    assert somebody.role == Role.READER


def test_the_last_manager_reads_why_it_cannot_be(client: Client, now: datetime) -> None:
    manager = person(now, Role.MANAGER)
    client.force_login(manager)
    html = client.post(f"/de/people/{manager.pk}/", {"role": "1"}).content.decode()
    assert "Dann könnte niemand diesen Knoten verwalten" in html
    shut = client.post(f"/de/people/{manager.pk}/active/", {"active": "no"}, follow=True).content.decode()
    assert "Dann könnte niemand diesen Knoten verwalten" in shut


def test_the_audit_page_finds_what_was_done_to_an_object(client: Client, now: datetime) -> None:
    record = cast.organisation(now)
    other = cast.organisation(now, name="Other GmbH")
    client.force_login(person(now, Role.MANAGER))
    html = client.get("/en/audit/", {"q": str(record.id)}).content.decode()
    assert "records.published" in html
    assert str(other.id) not in html
    client.force_login(person(now, Role.EDITOR))
    assert client.get("/en/audit/").status_code == 403
