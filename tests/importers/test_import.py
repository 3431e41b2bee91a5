"""Uploads: kept until agreed, imported in one transaction, and the second time nothing changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kakehashi.accounts import ports as account_ports
from kakehashi.accounts.queries import viewer_of
from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import Conflict, FileRefused, InvalidInput, NotAllowed, NotFound
from kakehashi.importers import actions, queries
from kakehashi.importers.models import Upload
from kakehashi.records import actions as records
from kakehashi.records import ports
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, Record, Revision
from kakehashi.translation.texts import original, reviewed
from tests import cast
from tests.importers import made

pytestmark = pytest.mark.django_db


def upload(now: datetime, kind: str, *lines: dict[str, Any], viewer: Viewer = cast.EDITOR) -> Upload:
    data = made.as_csv(made.rows(*lines))
    return actions.keep(viewer=viewer, kind=kind, name="list.csv", data=data, now=now)


def take(now: datetime, kind: str, *lines: dict[str, Any], viewer: Viewer = cast.EDITOR, **facts: Any) -> Any:
    kept = upload(now, kind, *lines, viewer=viewer)
    return actions.confirm(viewer=viewer, upload_id=kept.id, now=now, **facts).summary


def plan(now: datetime, kind: str, *lines: dict[str, Any], viewer: Viewer = cast.EDITOR) -> queries.Plan:
    return queries.plan(viewer, kind, "list.csv", made.as_csv(made.rows(*lines)), now)


def problems(found: queries.Plan) -> list[str]:
    return [problem.code for draft in found.sheet.drafts for problem in draft.problems]


def test_nothing_is_stored_until_somebody_agrees(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", made.OFFER)
    assert Record.objects.filter(kind="offer").count() == 0
    summary = actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now).summary
    assert summary is not None
    assert (summary["created"], summary["left_out"]) == (1, 0)
    record = Record.objects.get(kind="offer")
    assert (record.state, record.audience, record.tlp) == ("draft", "private", "RED")
    assert str(record.id) in summary["records"]


def test_a_second_import_changes_nothing(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER)
    before = list(Revision.objects.values_list("pk", "body"))
    summary = take(now, "offer", made.OFFER)
    assert (summary["created"], summary["changed"], summary["unchanged"], summary["records"]) == (0, 0, 1, [])
    assert list(Revision.objects.values_list("pk", "body")) == before


def test_agreeing_twice_imports_once(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", made.OFFER)
    first = actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now).summary
    second = actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now).summary
    assert first == second
    assert Record.objects.filter(kind="offer").count() == 1


def test_a_changed_line_with_the_same_number_changes_the_same_record(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER)
    summary = take(now, "offer", {**made.OFFER, "title.de": "Neuer Titel", "stage": "concept"})
    assert (summary["created"], summary["changed"]) == (0, 1)
    reading = Reading.objects.get(kind="offer")
    assert (reading.revision, reading.title["de"], reading.body["stage"]) == (2, "Neuer Titel", "concept")


def test_a_translation_made_here_survives_a_new_wording_of_the_sheet_and_is_stale(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER)
    record = Record.objects.get(kind="offer")
    body = {**record.revisions.get().body}
    body.pop("revision")
    body["title"]["en"] = reviewed("Antibody", of=body["title"]["de"]["text"], by="office")
    records.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now)
    take(now, "offer", {**made.OFFER, "title.de": "Neuer Titel"})
    title = Reading.objects.get(kind="offer").body["title"]
    assert title["de"] == original("Neuer Titel")
    assert title["en"]["text"] == "Antibody"
    assert title["en"]["of"] != title["ja"]["of"]


def test_lines_with_errors_are_left_out_and_come_with_the_corrected_file(now: datetime) -> None:
    cast.organisation(now)
    good, bad = made.OFFER, {**made.OFFER, "key": "8", "topics": "Onkologi"}
    assert take(now, "offer", good, bad)["left_out"] == 1
    summary = take(now, "offer", good, {**bad, "topics": "Onkologie"})
    assert (summary["created"], summary["unchanged"], summary["left_out"]) == (1, 1, 0)


def test_a_sheet_that_is_wrong_as_a_whole_imports_nothing(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", {k: v for k, v in made.OFFER.items() if k != "topics"})
    with pytest.raises(InvalidInput):
        actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now)
    assert Upload.objects.get().agreed_at is None


def test_what_cannot_be_read_is_not_kept_and_leaves_the_former_file(now: datetime) -> None:
    cast.organisation(now)
    with pytest.raises(FileRefused):
        actions.keep(viewer=cast.EDITOR, kind="offer", name="x.csv", data=b"", now=now)
    assert Upload.objects.count() == 0
    kept = upload(now, "offer", made.OFFER)
    with pytest.raises(FileRefused):
        actions.correct(viewer=cast.EDITOR, upload_id=kept.id, name="x.csv", data=b"%PDF", now=now)
    assert bytes(Upload.objects.get().data) == made.as_csv(made.rows(made.OFFER))


def test_a_corrected_file_takes_the_place_of_the_former(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", {**made.OFFER, "een_type": "XX"})
    data = made.as_csv(made.rows(made.OFFER))
    actions.correct(viewer=cast.EDITOR, upload_id=kept.id, name="new.csv", data=data, now=now)
    actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now)
    assert Record.objects.filter(kind="offer").count() == 1


def test_an_upload_is_its_senders_alone_and_gone_after_a_week(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", made.OFFER)
    with pytest.raises(NotFound):
        queries.upload(cast.MANAGER, kept.id, now)
    assert queries.upload(cast.EDITOR, kept.id, now + timedelta(days=6)) == kept
    with pytest.raises(NotFound):
        queries.upload(cast.EDITOR, kept.id, now + timedelta(days=7))
    assert actions.forget_due(now=now + timedelta(days=7)) == 1
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("viewer", [cast.NOBODY, cast.READER, Viewer(role=cast.Role.MEMBER, actor="m")])
def test_who_has_no_organisation_here_imports_nothing(now: datetime, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        plan(now, "offer", made.OFFER, viewer=viewer)


def test_a_member_imports_for_the_own_organisation_only(now: datetime) -> None:
    own = cast.member(cast.organisation(now).id)
    cast.organisation(now, names={"de": "Andere GmbH"})
    foreign = {**made.OFFER, "key": "8", "organisation": "Andere GmbH"}
    found = plan(now, "offer", made.OFFER, foreign, viewer=own)
    assert (problems(found), found.created) == (["owner-not-yours"], 1)
    unnamed = {**made.OFFER, "organisation": ""}
    assert plan(now, "offer", unnamed, viewer=own).created == 1
    take(now, "offer", unnamed, viewer=own)
    assert Record.objects.get(kind="offer").owner == own.organisation


def test_a_member_publishes_nothing_by_import(now: datetime) -> None:
    own = cast.member(cast.organisation(now).id)
    kept = upload(now, "offer", made.OFFER, viewer=own)
    with pytest.raises(NotAllowed):
        actions.confirm(viewer=own, upload_id=kept.id, now=now, level="public")
    assert Record.objects.filter(kind="offer").count() == 0


def test_a_member_changes_the_own_organisation_and_adds_none(now: datetime) -> None:
    own = cast.member(cast.organisation(now).id)
    mine = {**made.ORGANISATION, "names.de": "Isar Biologics GmbH"}
    found = plan(now, "organisation", mine, {**made.ORGANISATION, "key": "2"}, viewer=own)
    assert (problems(found), found.created, found.changed) == (["organisation-not-yours"], 0, 1)


def test_the_team_publishes_at_once_when_it_says_so(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER, level="public")
    reading = Reading.objects.get(kind="offer")
    assert (reading.state, reading.audience, reading.tlp) == ("published", "public", "CLEAR")
    assert reading.expires_at == now + timedelta(days=365)


def test_what_looks_like_contact_data_stays_a_draft(now: datetime) -> None:
    cast.organisation(now)
    line = {**made.OFFER, "body.de": "Fragen an anna@example.org"}
    assert [step.draft.line for step in plan(now, "offer", line).doubtful] == [2]
    take(now, "offer", line, level="public")
    assert Record.objects.get(kind="offer").state == State.DRAFT


def test_contact_data_do_not_slip_into_a_record_that_is_public(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER, level="public")
    found = plan(now, "offer", {**made.OFFER, "summary.de": "Fragen an anna@example.org"})
    assert (problems(found), found.steps) == (["contact-email"], [])


def test_an_archived_record_is_not_changed(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER)
    record = Record.objects.get(kind="offer")
    records.move(viewer=cast.EDITOR, record_id=record.id, to=State.ARCHIVED, now=now)
    found = plan(now, "offer", {**made.OFFER, "title.de": "Neu"})
    assert (problems(found), found.steps) == (["record-archived"], [])
    assert plan(now, "offer", made.OFFER).unchanged == 1


def test_what_was_erased_whole_does_not_come_back_with_the_next_sheet(now: datetime) -> None:
    cast.organisation(now)
    take(now, "offer", made.OFFER)
    record = Record.objects.get(kind="offer").id
    records.erase(viewer=cast.MANAGER, record_id=record, scope="all", basis="agreed", now=now)
    found = plan(now, "offer", made.OFFER)
    assert (problems(found), found.steps) == (["record-erased"], [])
    with pytest.raises(InvalidInput):
        take(now, "offer", made.OFFER)
    assert not Record.objects.filter(kind="offer").exists()


def test_an_organisation_already_here_is_found_by_name_and_by_ror(now: datetime) -> None:
    named = cast.organisation(now, names={"de": "Würm Diagnostik GmbH"}, website="https://wuerm.example")
    known = cast.organisation(now, ror="https://ror.org/05591te55")
    by_ror = {**made.ORGANISATION, "key": "2", "names.de": "Ganz Anders", "ror": "https://ror.org/05591te55"}
    summary = take(now, "organisation", made.ORGANISATION, by_ror)
    assert (summary["created"], summary["changed"]) == (0, 2)
    body = Reading.objects.get(record=named.id).body
    assert (body["city"], body["website"]) == ("Gauting", "https://wuerm.example")
    assert Reading.objects.get(record=known.id).title["de"] == "Ganz Anders"
    assert take(now, "organisation", made.ORGANISATION, by_ror)["unchanged"] == 2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Isar Biologics", None),
        ("ISAR BIOLOGICS GMBH", None),
        ("05591te55", None),
        ("Zwilling GmbH", "reference-several"),
        ("Gibt es nicht", "reference"),
    ],
)
def test_an_organisation_is_named_in_any_usual_way(now: datetime, written: str, code: str | None) -> None:
    cast.organisation(now, ror="https://ror.org/05591te55")
    cast.organisation(now, names={"de": "Zwilling GmbH"})
    cast.organisation(now, names={"de": "Zwilling GmbH"})
    found = plan(now, "offer", {**made.OFFER, "organisation": written})
    assert problems(found) == ([code] if code else [])


def test_a_partners_organisation_owns_nothing_here(now: datetime) -> None:
    cast.received(now, kind="request")
    found = plan(now, "offer", {**made.OFFER, "organisation": "なにわ製薬株式会社"})
    assert problems(found) == ["reference"]


def many(count: int) -> list[dict[str, Any]]:
    return [{**made.OFFER, "key": str(n), "title.de": f"Titel {n}"} for n in range(count)]


def test_a_long_sheet_is_brought_in_by_the_worker_and_counted(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    monkeypatch.setattr(actions, "CHUNK", 4)
    cast.organisation(now)
    editor = viewer_of(cast.user(cast.Role.EDITOR))
    kept = upload(now, "offer", *many(11), {**made.OFFER, "een_type": "XX"}, viewer=editor)
    assert actions.confirm(viewer=editor, upload_id=kept.id, now=now, level="members").imported_at is None
    assert Record.objects.filter(kind="offer").count() == 0
    assert actions.carry_on(now=now) == 11
    done = Upload.objects.get()
    assert (done.summary["created"], done.summary["left_out"], done.done, done.imported_at) == (
        11,
        1,
        11,
        now,
    )
    assert Record.objects.filter(kind="offer", audience="members", state="published").count() == 11
    assert actions.carry_on(now=now) == 0


def test_a_worker_that_was_killed_goes_on_where_it_stood(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "CHUNK", 4)
    cast.organisation(now)
    editor = viewer_of(cast.user(cast.Role.EDITOR))
    kept = upload(now, "offer", *many(10), viewer=editor)
    actions.confirm(viewer=editor, upload_id=kept.id, now=now)
    with monkeypatch.context() as broken:
        broken.setattr(ports, "_records", [*ports._records, breaking(at=7)])
        with pytest.raises(OSError, match="No space"):
            actions.carry_on(now=now)
    assert Record.objects.filter(kind="offer").count() == 4
    assert actions.carry_on(now=now) == 6
    assert Record.objects.filter(kind="offer").count() == 10
    assert Upload.objects.get().summary["created"] == 10


def test_who_lost_the_right_since_imports_no_further(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    cast.organisation(now)
    person = cast.user(cast.Role.EDITOR)
    kept = upload(now, "offer", *many(5), viewer=viewer_of(person))
    actions.confirm(viewer=viewer_of(person), upload_id=kept.id, now=now)
    person.role = cast.Role.READER.value
    person.save()
    assert actions.carry_on(now=now) == 0
    assert Record.objects.filter(kind="offer").count() == 0
    assert Upload.objects.get().imported_at == now


def test_what_was_agreed_to_cannot_be_exchanged_any_more(now: datetime) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", made.OFFER)
    actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now)
    with pytest.raises(Conflict):
        actions.correct(viewer=cast.EDITOR, upload_id=kept.id, name="x.csv", data=b"a,b\n1,2\n", now=now)


def test_a_person_is_told_of_their_uploads_and_forgotten_in_them(now: datetime) -> None:
    cast.organisation(now)
    upload(now, "offer", made.OFFER)
    (traces,) = [one for one in account_ports.traces() if one.name == "uploads"]
    assert [row["name"] for row in traces.found([cast.EDITOR.actor])] == ["list.csv"]
    traces.forget([cast.EDITOR.actor], "former person 1")
    assert Upload.objects.count() == 0


def breaking(at: int) -> Any:
    """A disk that is full at the `at`th record."""
    calls = []

    def call(record: Record, now: datetime) -> None:
        calls.append(record)
        if len(calls) == at:
            raise OSError(28, "No space left on device")

    return call


def test_when_saving_breaks_nothing_of_the_sheet_is_saved(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.organisation(now)
    kept = upload(now, "offer", *({**made.OFFER, "key": str(n)} for n in range(5)))
    monkeypatch.setattr(ports, "_records", [*ports._records, breaking(at=4)])
    with pytest.raises(OSError, match="No space"):
        actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now)
    assert Record.objects.filter(kind="offer").count() == 0
    assert Upload.objects.get().agreed_at is None
