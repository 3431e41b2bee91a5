"""The page of what was taken back: who, what, when, and whose receipt confirms it."""

import json
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import Result
from django.test import Client
from typer.testing import CliRunner

from kakehashi import cli
from kakehashi.accounts import actions as accounts
from kakehashi.accounts import queries
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.audit.models import Entry
from kakehashi.errors import NotAllowed
from kakehashi.exchange import recalls
from kakehashi.exchange.actions import erasing, feeding
from kakehashi.exchange.models import Erasure
from kakehashi.records import actions as records
from kakehashi.records.lifecycle import State
from tests import cast
from tests.exchange.test_erasing import BOTH, erase, given_offer, received
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db


def run(arguments: list[str]) -> Result:
    return CliRunner().invoke(cli.build(arguments[0]), arguments)


def signed_in(role: Role) -> Client:
    client = Client()
    user = User.objects.filter(role=role.value).first() or cast.user(role)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_each_recall_says_what_who_and_when_and_what_is_still_open(now: datetime) -> None:
    world = World(now, **BOTH)
    record = given_offer(now)
    received(world, erased=[], at=now)
    later = now + timedelta(hours=1)
    records.move(viewer=cast.EDITOR, record_id=record.id, to=State.WITHDRAWN, now=later)
    erase(record, "person", later + timedelta(minutes=1))
    erased, withdrawn = recalls.shown(cast.MANAGER, list(recalls.recalls(cast.MANAGER)), later)
    assert (withdrawn.by, erased.by) == (cast.EDITOR.actor, cast.MANAGER.actor)
    assert withdrawn.deadline == later + timedelta(hours=24)
    assert [each.at for each in (*erased.confirmed, *withdrawn.confirmed)] == [None, None]
    received(world, erased=[], at=later + timedelta(hours=1))
    erased, withdrawn = recalls.shown(cast.MANAGER, list(recalls.recalls(cast.MANAGER)), later)
    assert [each.at for each in withdrawn.confirmed] == [later + timedelta(hours=1)]
    assert [each.at for each in erased.confirmed] == [None]  # it said only that it had read it
    received(world, erased=[erased.row.index], at=later + timedelta(hours=2))
    erased, _ = recalls.shown(cast.MANAGER, list(recalls.recalls(cast.MANAGER)), later)
    assert [each.at for each in erased.confirmed] == [later + timedelta(hours=2)]


def test_the_page_tells_the_team_in_words(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    erase(record, "person", now)
    Erasure.objects.update(deadline=now)  # over by the clock of the page
    page = text(signed_in(Role.EDITOR), "/en/exchange/recalls/")
    assert "1 recall, the newest first" in page
    assert "Antibodies for solid tumours" in page
    assert "Erased: its personal part Erasure (GDPR, article 17)" in page
    assert "manager@munich.example" in page
    assert "overdue since" in page
    assert "1 erasure is overdue" not in page  # told by the worker, not yet
    erasing.tell_late(now=now + timedelta(days=4))
    for address in ("/en/exchange/recalls/", "/en/exchange/"):
        assert "1 erasure is overdue" in text(signed_in(Role.EDITOR), address)
    assert "overdue" not in text(signed_in(Role.READER), "/en/exchange/")


def test_recalls_of_a_partner_say_when_it_was_carried_out_and_confirmed_here(now: datetime) -> None:
    world, id = World(now), uuid4()
    world.origin.put(id, body=body())
    world.origin.erase(id, ["body"])
    world.apply()
    (found,) = recalls.shown(cast.MANAGER, list(recalls.recalls(cast.MANAGER)), now)
    assert (found.here_at, found.confirmed[0].at, found.kind) == (None, None, "offer")
    assert found.partner is not None
    assert found.partner.node == world.origin.place.origin
    Erasure.objects.update(scrubbed_at=now)
    data = feeding.make_receipt(world.theirs, now)
    feeding.receipt_sent(name=world.theirs.name, data=data, size=world.theirs.size, now=now)
    (found,) = recalls.shown(cast.MANAGER, list(recalls.recalls(cast.MANAGER)), now)
    assert (found.here_at, found.confirmed[0].at) == (now, now)


def test_recalls_can_be_read_record_by_record_and_by_the_team_alone(now: datetime) -> None:
    World(now, **BOTH)
    one, other = given_offer(now), given_offer(now)
    for record in (one, other):
        erase(record, "all", now)
    assert {row.record for row in recalls.recalls(cast.EDITOR, record=one.id)} == {one.id}
    assert recalls.recalls(cast.EDITOR).count() == 4
    with pytest.raises(NotAllowed):
        recalls.recalls(cast.READER)
    manager = signed_in(Role.MANAGER)
    assert manager.get("/en/exchange/recalls/?record=nonsense").status_code == 404
    assert "2 recalls" in text(manager, f"/en/exchange/recalls/?record={one.id}")


def test_a_manager_erases_from_the_page_after_confirming(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    manager, address = signed_in(Role.MANAGER), f"/en/records/munich.example/{record.id}/erase/"
    assert "The personal part: contact data" in text(manager, address)
    form = {"scope": "person", "basis": "appi-35"}
    manager.post(address, form)
    assert not Erasure.objects.exists()
    answer = manager.post(address, {**form, "sure": "on"}, follow=True)
    assert answer.redirect_chain == [(f"/en/exchange/recalls/?record={record.id}", 302)]
    assert "Erased here." in answer.content.decode()
    assert record.revisions.get().person is None
    assert Erasure.objects.get().parts == ["person"]
    assert signed_in(Role.EDITOR).get(address).status_code == 403


def test_what_the_page_does_two_commands_do_too(now: datetime) -> None:
    world = World(now, **BOTH)
    assert run(["recalls"]).stdout == "Nothing was taken back.\n"
    record = given_offer(now)
    done = run(["erase", "--person", "ERIKA@isar.example", "--basis", "appi-35"])
    assert (done.exit_code, record.revisions.get().person) == (0, None)
    assert "Erased here: 1." in done.stdout
    listed = run(["recalls", "--json"])
    (row,) = json.loads(listed.stdout)
    assert (listed.exit_code, row["what"], row["record"]) == (0, "erase", str(record.id))
    assert row["confirmed"] == {world.origin.place.origin: ""}
    partner, said = world.origin.place.origin, run(["recalls"]).stdout
    assert f"erase {record.id}, entry {row['entry'] + 1} of {row['channel']}\n" in said
    assert f"confirmed: {partner} not yet" in said
    Erasure.objects.update(deadline=now)
    overdue = run(["recalls"])
    assert (overdue.exit_code, "(overdue)" in overdue.stdout) == (1, True)
    assert run(["erase", "--person", "nobody@isar.example"]).exit_code != 0


def test_whoever_leaves_takes_their_contact_data_with_them(now: datetime) -> None:
    World(now, **BOTH)
    record = given_offer(now)
    leaving = cast.user(Role.READER, email="erika@isar.example")
    assert queries.kept_about(leaving)["contacts"] == [{"record": str(record.id), "part": "person"}]
    pseudonym = accounts.leave(person=leaving, now=now)
    assert record.revisions.get().person is None
    assert Erasure.objects.get().parts == ["person"]
    assert Entry.objects.get(action="records.erase").actor == pseudonym
