"""The import pages: who may, what they say, and that hostile text stays text."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.importers import actions, files
from kakehashi.importers.models import Upload
from kakehashi.records.kinds import KINDS
from kakehashi.records.models import Record
from tests import cast
from tests.importers import made

pytestmark = pytest.mark.django_db
LANGUAGES = ("de", "ja", "en")


def signed_in(role: Role, **facts: Any) -> Client:
    client = Client()
    client.force_login(cast.user(role, **facts))
    return client


def sheet(*lines: dict[str, Any], name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, made.as_csv(made.rows(*lines)))


def send(client: Client, file: SimpleUploadedFile, kind: str = "offer", lang: str = "en") -> Any:
    return client.post(f"/{lang}/import/", {"kind": kind, "file": file}, follow=True)


def text(response: Any) -> str:
    return response.content.decode()


def test_strangers_are_led_to_sign_in_and_readers_are_refused() -> None:
    assert Client().get("/en/import/").status_code == 302
    reader = signed_in(Role.READER)
    assert reader.get("/en/import/").status_code == 403
    assert reader.get("/en/import/template/offer.xlsx").status_code == 403


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_there_in_every_language(lang: str) -> None:
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    assert client.get(f"/{lang}/import/").status_code == 200
    shown = send(client, sheet(made.OFFER, {**made.OFFER, "key": "8", "trl": "12"}), lang=lang)
    place = shown.redirect_chain[0][0]
    assert place.startswith(f"/{lang}/import/")
    words = {"de": "Zu verbessern", "ja": "修正が必要な行", "en": "To be corrected"}
    assert words[lang] in text(shown)
    done = client.post(f"{place}confirm/", {"level": ""}, follow=True)
    assert {"de": "Eingelesen", "ja": "取り込みました", "en": "Imported"}[lang] in text(done)
    assert Record.objects.filter(kind="offer").count() == 1


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_offered_for_each_kind(kind: str, form: str) -> None:
    response = signed_in(Role.EDITOR).get(f"/ja/import/template/{kind}.{form}")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert len(files.read(f"t.{form}", response.content).rows) == 2


def test_a_template_that_does_not_exist_is_not_found() -> None:
    client = signed_in(Role.EDITOR)
    assert client.get("/en/import/template/person.xlsx").status_code == 404
    assert client.get("/en/import/template/offer.xlsm").status_code == 404


def test_the_template_names_a_members_own_organisation_alone() -> None:
    now = clock.now()
    own = cast.organisation(now)
    cast.organisation(now, names={"de": "Andere GmbH"})
    content = signed_in(Role.MEMBER, organisation=own.id).get("/en/import/template/offer.xlsx").content
    assert b"Isar Biologics GmbH" in made.part(content, "xl/worksheets/sheet3.xml")
    assert b"Andere GmbH" not in made.part(content, "xl/worksheets/sheet3.xml")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "The file is empty"),
        ("a.csv", b"x" * (10 * 2**20 + 1), "at most 10 MB"),
        ("a.pdf", b"%PDF-1.7", "no spreadsheet"),
        ("a.csv", b"Artikel,Preis\n1,2\n", "No line names the columns"),
        ("<b>.xlsx", b"PK\x03\x04", "“&lt;b&gt;.xlsx” is damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_on_the_form_and_not_kept(
    name: str, data: bytes, said: str
) -> None:
    shown = send(signed_in(Role.EDITOR), SimpleUploadedFile(name, data))
    assert shown.status_code == 200
    assert said in text(shown)
    assert Upload.objects.count() == 0


def test_hostile_text_stays_text_on_the_preview() -> None:
    cast.organisation(clock.now())
    line = {**made.OFFER, "title.de": "<script>alert(1)</script>", "lang": "de"}
    shown = text(send(signed_in(Role.EDITOR), sheet(line, {**line, "key": "9", "stage": "<img src=x>"})))
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_a_fault_is_said_with_its_cell_and_column_in_the_readers_language() -> None:
    cast.organisation(clock.now())
    shown = text(send(signed_in(Role.EDITOR), sheet({**made.OFFER, "trl": "12"}), lang="de"))
    assert "J2" in shown
    assert "von 1 bis 9" in shown


def test_nobody_else_sees_confirms_or_deletes_an_upload() -> None:
    cast.organisation(clock.now())
    send(signed_in(Role.EDITOR), sheet(made.OFFER))
    place = f"/en/import/{Upload.objects.get().pk}/"
    other = signed_in(Role.MANAGER)
    assert other.get(place).status_code == 404
    assert other.post(f"{place}confirm/").status_code == 404
    assert other.post(f"{place}forget/").status_code == 404
    assert Upload.objects.count() == 1
    assert Record.objects.filter(kind="offer").count() == 0


def test_a_corrected_file_keeps_the_address() -> None:
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    place = send(client, sheet({**made.OFFER, "trl": "12"})).redirect_chain[0][0]
    shown = client.post(place, {"file": sheet(made.OFFER)}, follow=True)
    assert "To be corrected</h2>" not in text(shown)
    wrong = client.post(place, {"file": SimpleUploadedFile("x.csv", b"%PDF")})
    assert "no spreadsheet" in text(wrong)
    assert "Save 1 line" in text(wrong)


def test_where_all_is_here_already_nothing_is_offered_to_save() -> None:
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    place = send(client, sheet(made.OFFER)).redirect_chain[0][0]
    client.post(f"{place}confirm/", {"level": ""})
    again = text(send(client, sheet(made.OFFER)))
    assert "nothing to save" in again
    assert "confirm/" not in again


def test_a_member_is_offered_drafts_only() -> None:
    own = cast.organisation(clock.now())
    client = signed_in(Role.MEMBER, organisation=own.id)
    shown = send(client, sheet({**made.OFFER, "organisation": ""}))
    assert 'name="level"' not in text(shown)
    client.post(f"{shown.redirect_chain[0][0]}confirm/", {"level": "public"})
    assert Record.objects.get(kind="offer").state == "draft"


def test_a_deleted_file_is_gone_and_says_so() -> None:
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    place = send(client, sheet(made.OFFER)).redirect_chain[0][0]
    assert "The file was deleted" in text(client.post(f"{place}forget/", follow=True))
    assert client.get(place).status_code == 404


def test_an_upload_that_waits_is_found_again_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    send(client, sheet(made.OFFER, name="angebote.csv"))
    assert "angebote.csv" in text(client.get("/en/import/"))
    monkeypatch.setenv("KAKEHASHI_CLOCK_OFFSET", str(timedelta(days=8).total_seconds()))
    assert "angebote.csv" not in text(client.get("/en/import/"))


def test_a_long_sheet_shows_how_far_it_is(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    cast.organisation(clock.now())
    client = signed_in(Role.EDITOR)
    place = send(client, sheet(made.OFFER, {**made.OFFER, "key": "8"})).redirect_chain[0][0]
    shown = client.post(f"{place}confirm/", {"level": ""}, follow=True)
    assert "0 of 2" in text(shown)
    actions.carry_on(now=clock.now())
    assert client.get(place, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "Imported" in text(client.get(place))
