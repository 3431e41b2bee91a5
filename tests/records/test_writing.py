"""Writing in the browser: drafts, errors, publication, levels, steps; nothing typed is lost."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from kakehashi.accounts.viewer import Role
from kakehashi.records import actions, kinds
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from tests import cast
from tests.records.test_pages import address, signed_in, text, the_moment  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(Role.EDITOR)


def typed(**changes: Any) -> dict[str, Any]:
    """What is typed into the form of a new practice."""
    return {
        "lang": "de",
        "base": "0",
        "do": "save",
        "title_de": "m4 Award",
        "summary_de": "Ein Wettbewerb vor der Gründung.",
        "topics": ["financing"],
        "audience": "public",
        "tlp": "",
        "onward": "none",
        **changes,
    }


def practice(now: datetime, client: Client, **changes: Any) -> Record:
    owner = cast.organisation(now)
    sent = client.post("/de/records/new/practice/", typed(organisation=str(owner.id), **changes))
    assert sent.status_code == 302, sent.content.decode()
    return Record.objects.get(kind="practice")


def test_a_draft_is_saved_and_then_published(now: datetime, editor: Client) -> None:
    record = practice(now, editor)
    assert (record.state, record.audience, record.tlp) == ("draft", "public", "CLEAR")
    text(Client(), address(record), 404)
    editor.post(address(record, page="change/"), {"to": "published"})
    assert "m4 Award" in text(Client(), address(record))


def test_saving_and_publishing_is_one_step_for_the_team(now: datetime, editor: Client) -> None:
    assert practice(now, editor, do="publish").state == "published"


@pytest.mark.parametrize(("audience", "told"), [("private", True), ("public", False)])
def test_who_publishes_for_nobody_but_the_team_is_told_so(
    now: datetime, editor: Client, audience: str, told: bool
) -> None:
    record = practice(now, editor, do="publish", audience=audience)
    assert record.state == "published"
    page = text(editor, address(record))
    assert "Gespeichert und veröffentlicht" in page
    assert ("bisher nur für die Organisation und das Team des Clusters" in page) == told


def test_a_member_prepares_and_hands_in_but_does_not_publish(now: datetime) -> None:
    owner = cast.organisation(now)
    client = signed_in(Role.MEMBER, owner.id)
    page = text(client, "/de/records/new/practice/")
    assert 'value="publish"' not in page
    client.post("/de/records/new/practice/", typed(organisation=str(owner.id)))
    record = Record.objects.get(kind="practice")
    assert client.post(address(record, page="change/"), {"to": "published"}).status_code == 403
    client.post(address(record, page="change/"), {"to": "in_review"})
    assert Record.objects.get(kind="practice").state == State.IN_REVIEW


def test_a_member_cannot_write_for_somebody_else(now: datetime) -> None:
    own, other = cast.organisation(now), cast.organisation(now, name="Andere GmbH")
    client = signed_in(Role.MEMBER, own.id)
    refused = client.post("/de/records/new/practice/", typed(organisation=str(other.id)))
    assert refused.status_code == 200
    assert not Record.objects.filter(kind="practice").exists()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("de", "Hier passen höchstens 500 Zeichen"),
        ("ja", "500字以内です"),
        ("en", "at most 500 characters fit here"),
    ],
)
def test_errors_are_said_in_the_reader_s_language_and_the_text_stays(
    lang: str, sentence: str, now: datetime, editor: Client
) -> None:
    owner, long = cast.organisation(now), "ä" * 501
    sent = editor.post(f"/{lang}/records/new/practice/", typed(organisation=str(owner.id), summary_de=long))
    page = sent.content.decode()
    assert sentence in page
    assert long in page
    assert 'href="#id_summary_de"' in page
    assert 'id="id_summary_de_error"' in page
    assert not Record.objects.filter(kind="practice").exists()


@pytest.mark.parametrize("nasty", ["a\x00b", "a\u202eb", "x" * 3_000_000])
def test_hostile_and_very_long_input_is_refused_in_words_and_kept(
    nasty: str, now: datetime, editor: Client
) -> None:
    owner = cast.organisation(now)
    sent = editor.post("/de/records/new/practice/", typed(organisation=str(owner.id), challenge_de=nasty))
    assert sent.status_code == 200
    page = sent.content.decode()
    assert 'id="id_challenge_de_error"' in page
    assert nasty[-100:] in page


def test_more_lines_can_be_asked_for_without_being_judged(now: datetime, editor: Client) -> None:
    page = editor.post("/de/records/new/practice/", {"do": "more", "title_de": "Halb", "lang": "de"})
    shown = page.content.decode()
    assert "Halb" in shown
    assert 'class="fault"' not in shown
    assert shown.count('name="sources_') >= 12


def test_two_who_edit_at_once_are_told(now: datetime, editor: Client) -> None:
    record = practice(now, editor)
    owner = str(record.owner)
    editor.post(address(record, page="edit/"), typed(organisation=owner, base="1", title_de="Erste"))
    late = editor.post(address(record, page="edit/"), typed(organisation=owner, base="1", title_de="Zweite"))
    page = late.content.decode()
    assert late.status_code == 200
    assert "Jemand hat diesen Eintrag geändert" in page
    assert "Zweite" in page
    assert 'name="base" value="2"' in page
    editor.post(address(record, page="edit/"), typed(organisation=owner, base="2", title_de="Zweite"))
    assert Record.objects.get(pk=record.id).revision == 3


def test_a_change_is_seen_in_the_revisions(now: datetime, editor: Client) -> None:
    record = practice(now, editor)
    changed = typed(organisation=str(record.owner), base="1", summary_de="Ein Preis vor der Gründung.")
    editor.post(address(record, page="edit/"), changed)
    page = text(editor, address(record, page="revisions/"))
    assert "<del>Wettbewerb</del><ins>Preis</ins>" in page


def test_contact_data_asks_before_it_is_published(now: datetime, editor: Client) -> None:
    record = practice(now, editor, challenge_de="Fragen an award@example.org")
    assert 'name="overrule"' in text(editor, address(record))
    sent = editor.post(address(record, page="change/"), {"to": "published"})
    assert any("E-Mail" in str(message) for message in get_messages(sent.wsgi_request))
    assert Record.objects.get(pk=record.id).state == State.DRAFT
    editor.post(address(record, page="change/"), {"to": "published", "overrule": "on"})
    assert Record.objects.get(pk=record.id).state == State.PUBLISHED


def test_contact_data_in_the_form_can_be_overruled_there(now: datetime, editor: Client) -> None:
    owner = str(cast.organisation(now).id)
    sent = typed(organisation=owner, do="publish", challenge_de="Fragen an award@example.org")
    page = editor.post("/de/records/new/practice/", sent).content.decode()
    assert 'name="overrule"' in page
    assert editor.post("/de/records/new/practice/", {**sent, "overrule": "on"}).status_code == 302


def test_levels_that_do_not_go_together_are_said_at_the_form(now: datetime, editor: Client) -> None:
    record = cast.offer(now)
    path = address(record, page="level/")
    page = editor.post(path, {"audience": "public", "tlp": "RED", "onward": "none"}).content.decode()
    assert "TLP:CLEAR" in page.split('class="errors"', 1)[1][:400]
    editor.post(path, {"audience": "members", "tlp": "", "onward": "none"})
    changed = Record.objects.get(pk=record.id)
    assert (changed.audience, changed.tlp) == ("members", "GREEN")


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["on_hold"], "on_hold"),
        (["on_hold", "published"], "published"),
        (["withdrawn", "archived"], "archived"),
    ],
)
def test_steps_are_taken_by_button(steps: list[str], state: str, now: datetime, editor: Client) -> None:
    record = cast.offer(now)
    for to in steps:
        assert editor.post(address(record, page="change/"), {"to": to}).status_code == 302
    assert Record.objects.get(pk=record.id).state == state


def test_a_record_is_extended_once(now: datetime, editor: Client) -> None:
    record = cast.offer(now)
    assert editor.post(address(record, page="change/"), {"to": "extend"}).status_code == 302
    assert editor.post(address(record, page="change/"), {"to": "extend"}).status_code == 409
    assert 'value="extend"' not in text(editor, address(record))


def test_steps_are_not_taken_by_following_a_link_nor_to_nowhere(now: datetime, editor: Client) -> None:
    record = cast.offer(now)
    assert editor.get(address(record, page="change/")).status_code == 405
    assert editor.post(address(record, page="change/"), {"to": "heaven"}).status_code == 409
    assert editor.post(address(record, page="change/"), {"to": "draft"}).status_code == 409


def test_withdrawing_asks_first(now: datetime, editor: Client) -> None:
    page = text(editor, address(cast.offer(now), "en"))
    closed = page.split("<details><summary>Withdraw</summary>", 1)[1].split("</details>", 1)[0]
    assert "partners must remove their copies" in closed
    assert 'value="withdrawn"' in closed


@pytest.mark.parametrize("lang", ["de", "ja", "en"])
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_the_form_of_every_kind_opens_in_every_language(kind: str, lang: str, editor: Client) -> None:
    page = text(editor, f"/{lang}/records/new/{kind}/")
    for field in kinds.FIELDS[kind]:
        assert f'name="{field.name}' in page
    assert page.count("<h1>") == 1


def test_saving_what_was_opened_changes_nothing(now: datetime, editor: Client) -> None:
    record = cast.offer(now)
    form = editor.get(address(record, page="edit/")).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if not name.endswith("_checked")}
    sent = {name: value for name, value in sent.items() if value != ""}
    sent |= {"base": "1", "do": "save", "audience": "public", "tlp": "CLEAR", "onward": "none"}
    assert editor.post(address(record, page="edit/"), sent).status_code == 302
    assert Record.objects.get(pk=record.id).revision == 1
    assert actions.rebuild(now=now) == 2
