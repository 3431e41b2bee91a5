"""The pages of records, for each role and in each language, and how many questions they ask the database."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.errors import InvalidInput
from kakehashi.records import actions, kinds
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, Record
from kakehashi.translation.texts import machine, original
from tests import cast

pytestmark = pytest.mark.django_db
LANGUAGES = ("de", "ja", "en")
LISTS = ("offers", "requests", "developments", "academics", "practices")


@pytest.fixture(autouse=True)
def the_moment(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests read the clock where the tests' moment is."""
    shift = (now - datetime.now(now.tzinfo)).total_seconds()
    monkeypatch.setenv("KAKEHASHI_CLOCK_OFFSET", str(shift))
    assert abs((clock.now() - now).total_seconds()) < 60


def signed_in(role: Role, organisation: Any = None) -> Client:
    client = Client()
    if role > Role.PUBLIC:
        client.force_login(cast.user(role, organisation))
    return client


def address(record: Record, lang: str = "de", page: str = "") -> str:
    return f"/{lang}/records/{cast.HERE}/{record.id}/{page}"


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def body_of(kind: str, owner: Record, **changes: Any) -> dict[str, Any]:
    """A small body of any kind but organisation."""
    title = f"Beispiel {kind}"
    common = {
        "kind": kind,
        "lang": "de",
        "title": {"de": original(title), "ja": machine("見本", of=title, engine="test")},
        "summary": {"de": original("Eine Zusammenfassung.")},
        "organisation": cast.offer_body(owner)["organisation"],
        "topics": ["oncology"],
    }
    special: dict[str, dict[str, Any]] = {
        "offer": {"een_type": "TO", "partnership": ["licence"]},
        "request": {"een_type": "TR", "partnership": ["licence"]},
        "development": {"event": "award", "date": "2026-01"},
    }
    return {**common, **special.get(kind, {}), **changes}


def published(kind: str, now: datetime, **changes: Any) -> Record:
    owner = cast.organisation(now)
    if kind == "organisation":
        return owner
    body = body_of(kind, owner, **changes)
    return cast.publish(actions.create(viewer=cast.EDITOR, body=body, now=now), now, "public")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_can_be_read_in_every_language(kind: str, lang: str, now: datetime) -> None:
    page = text(Client(), address(published(kind, now), lang))
    assert f'<html lang="{lang}"' in page
    assert (
        "Isar Biologics GmbH" in page
        if kind == "organisation"
        else ("見本" if lang == "ja" else "Beispiel") in page
    )
    for other in LANGUAGES:
        assert f'hreflang="{other}"' in page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [*(f"records/{slug}/" for slug in LISTS), "organisations/"])
def test_every_list_opens_empty_and_filled(path: str, lang: str, now: datetime) -> None:
    assert 'class="entries"' not in text(Client(), f"/{lang}/{path}")
    for kind in kinds.KINDS:
        published(kind, now)
    assert 'class="entries"' in text(Client(), f"/{lang}/{path}")


def test_an_unknown_list_or_kind_is_not_found() -> None:
    assert status(Client(), "/de/records/nonsense/") == 404
    assert status(signed_in(Role.EDITOR), "/de/records/new/nonsense/") == 404


WRITING = ("edit/", "level/", "revisions/")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", WRITING)
def test_only_the_team_and_the_owner_come_to_the_writing_pages(role: Role, page: str, now: datetime) -> None:
    record = cast.offer(now)
    assert status(signed_in(role), address(record, page=page)) == (200 if role >= Role.EDITOR else 404)


@pytest.mark.parametrize("page", WRITING)
def test_a_member_writes_for_its_own_organisation_alone(page: str, now: datetime) -> None:
    record = cast.offer(now)
    client = signed_in(Role.MEMBER, record.owner)
    assert status(client, address(record, page=page)) == 200
    assert status(client, address(cast.offer(now, title="Fremdes"), page=page)) == 404
    assert "Fremdes" not in text(client, "/de/records/own/")


@pytest.mark.parametrize("role", Role)
def test_the_desk_and_new_records_are_for_members_and_the_team(role: Role, now: datetime) -> None:
    client = signed_in(role, cast.organisation(now).id if role == Role.MEMBER else None)
    assert status(client, "/en/records/own/") == (200 if role >= Role.MEMBER else 403)
    assert status(client, "/en/records/new/offer/") == (200 if role >= Role.MEMBER else 403)
    assert status(client, "/en/records/new/organisation/") == (200 if role >= Role.EDITOR else 403)


@pytest.mark.parametrize("role", Role)
def test_buttons_that_change_a_record_are_shown_to_those_who_may(role: Role, now: datetime) -> None:
    page = text(signed_in(role), address(cast.offer(now)))
    assert ("/change/" in page) is (role >= Role.EDITOR)


def test_a_received_record_cannot_be_edited_even_by_the_team(now: datetime) -> None:
    record = cast.received(now)
    path = f"/de/records/osaka.example/{record}/"
    client = signed_in(Role.OPERATOR)
    assert "/edit/" not in text(client, path)
    text(client, f"{path}edit/", 404)


def test_a_translation_says_so_and_the_original_is_one_click_away(now: datetime) -> None:
    page = text(Client(), f"/de/records/osaka.example/{cast.received(now)}/")
    assert 'data-origin="original"' in page  # the summary has no German wording
    assert '<p class="own" lang="ja">固形がんに対する抗体薬物複合体の導入を希望</p>' in page
    summary = "ペプチドの提供先を探しています。"
    body = {"ja": original(summary), "de": machine("Gesucht: Abnehmer.", of=summary, engine="test")}
    page = text(Client(), f"/de/records/osaka.example/{cast.received(now, summary=body)}/")
    assert 'data-origin="machine"' in page
    assert 'lang="de-t-ja"' in page
    assert summary in page


def test_a_stale_translation_says_so(now: datetime) -> None:
    summary = {"de": original("Neu."), "ja": machine("旧", of="Alt.", engine="test")}
    page = text(Client(), address(published("practice", now, summary=summary), "ja"))
    assert "旧" in page
    assert escape("原文") in page
    assert "<b>" in page.split("旧", 1)[1].split("</details>")[0]


def test_what_crossed_says_when_and_as_which_entry(now: datetime) -> None:
    page = text(Client(), f"/en/records/osaka.example/{cast.received(now)}/")
    assert "entry 1 of the log" in page
    assert "22 November 2026" in page


def test_where_it_comes_from_is_said_in_words(now: datetime) -> None:
    record = published("practice", now, provenance="public_sources", source_date="2019-05")
    page = text(Client(), address(record, "en"))
    assert "from the public sources that it names, not posted by the organisation" in page
    assert "7 years ago" in page
    assert "Historical: this is more than three years old" in page
    fresh = text(Client(), address(published("practice", now, source_date="2026-09"), "en"))
    assert "2 months ago" in fresh
    assert "istorical" not in fresh


def test_a_gap_is_shown_and_not_hidden(now: datetime) -> None:
    assert text(Client(), address(cast.offer(now), "en")).count("not stated") >= 3


def test_threat_41_untrusted_text_is_shown_as_text_and_loads_nothing(now: datetime) -> None:
    nasty = '<script>alert(1)</script>"onmouseover="x'
    marked = "[hier](javascript:alert(1)) ![](https://evil.example/x.png) <img src=https://evil.example/y>"
    wordings = {"title": {"de": original(nasty)}, "challenge": {"de": original(nasty + marked)}}
    record = published("practice", now, **wordings)
    for path in (address(record), "/de/records/practices/"):
        answer = Client().get(path)
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert escape(nasty) in page
        assert 'href="javascript:' not in page
        assert "<img src=https" not in page
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]


def test_threat_41_a_foreign_link_vouches_for_nothing_and_is_a_web_address_or_refused(now: datetime) -> None:
    sources = [{"url": "https://example.org/paper", "title": "Paper"}]
    page = text(Client(), address(published("practice", now, sources=sources)))
    assert re.search(r'<a [^>]*href="https://example.org/paper"[^>]*rel="[^"]*nofollow', page)
    with pytest.raises(InvalidInput):
        published("practice", now, sources=[{"url": "javascript:alert(1)", "title": "Paper"}])


def test_all_scripts_of_a_name_stand_together(now: datetime) -> None:
    names = {"ja": "なにわ製薬株式会社", "en": "Naniwa Pharma Co., Ltd."}
    record = cast.publish(
        actions.create(
            viewer=cast.EDITOR,
            body={**cast.organisation_body(), "names": names, "reading": "なにわせいやく"},
            now=now,
        ),
        now,
        "public",
    )
    for lang in LANGUAGES:
        page = text(Client(), address(record, lang))
        assert all(form in page for form in (*names.values(), "なにわせいやく"))


def test_both_sides_stand_in_one_list_and_can_be_narrowed(now: datetime) -> None:
    cast.offer(now, title="Diesseits")
    cast.received(now, kind="offer", een_type="TO", title={"ja": original("むこう")}, topics=["peptides"])
    both = text(Client(), "/de/records/offers/")
    assert "Diesseits" in both
    assert "むこう" in both
    assert "むこう" not in text(Client(), "/de/records/offers/?side=munich")
    peptides = text(Client(), "/de/records/offers/?topic=peptides")
    assert "むこう" in peptides
    assert "Diesseits" not in peptides
    mars = text(Client(), "/de/records/offers/?side=mars&topic=alchemy&page=999")
    assert "Diesseits" in mars
    assert "むこう" in mars


def test_a_long_list_is_paged_and_keeps_its_filters(now: datetime) -> None:
    owner = cast.organisation(now)
    for number in range(14):
        cast.offer(now, owner, title=f"Nummer {number:02d}")
    first = text(Client(), "/de/records/offers/?topic=oncology")
    second = text(Client(), "/de/records/offers/?topic=oncology&page=2")
    assert first.count("Nummer ") == 12
    assert second.count("Nummer ") == 2
    assert "topic=oncology&amp;page=2" in first


def test_the_directory_answers_as_one_types(now: datetime) -> None:
    cast.organisation(now, name="Isar Biologics GmbH")
    cast.organisation(now, name="Donau Diagnostics AG", city="Regensburg")
    part = (
        Client()
        .get("/de/organisations/?q=isar", headers={"HX-Request": "true", "HX-Target": "directory"})
        .content.decode()
    )
    assert part.strip().startswith('<div id="directory">')
    assert "Isar Biologics" in part
    assert "Donau Diagnostics" not in part
    assert "Donau Diagnostics" in text(Client(), "/ja/organisations/?city=Regensburg")
    assert "Isar Biologics" not in text(Client(), "/ja/organisations/?city=Regensburg")


def test_the_map_has_a_link_per_city_and_says_the_same_in_words(now: datetime) -> None:
    cast.organisation(now, name="Eins GmbH")
    cast.organisation(now, name="Zwei GmbH")
    page = text(Client(), "/de/organisations/")
    assert 'aria-label="Martinsried, 2 Organisationen"' in page
    assert "<title>Bayern</title>" in page
    assert page.count("city=Martinsried") == 2
    assert "style=" not in page.split("<main", 1)[1]


def test_pages_of_confidential_records_are_closed_to_those_outside(now: datetime) -> None:
    record = cast.offer(now, audience="members")
    assert status(Client(), address(record)) == 404
    assert status(signed_in(Role.READER), address(record)) == 404
    assert status(signed_in(Role.MEMBER, record.owner), address(record)) == 200


# Questions to the database a page: pinned, so that a loop that asks for each row is noticed.
PINNED = {"record": 4, "organisation": 6, "offers": 7, "organisations": 2}


@pytest.mark.parametrize("many", [1, 9])
def test_pages_ask_the_database_a_pinned_number_of_questions(
    many: int, now: datetime, django_assert_num_queries: Any
) -> None:
    for _ in range(many):
        record = cast.offer(now)
        cast.received(now, kind="offer", een_type="TO")
    paths = {
        "record": address(record),
        "organisation": f"/de/records/{cast.HERE}/{record.owner}/",
        "offers": "/de/records/offers/",
        "organisations": "/de/organisations/",
    }
    for name, path in paths.items():
        with django_assert_num_queries(PINNED[name]):
            text(Client(), path)


def test_an_expiring_record_is_on_the_desk_and_says_so(now: datetime) -> None:
    record = cast.offer(now, title="Bald vorbei")
    Record.objects.filter(pk=record.id).update(expires_at=now.replace(month=12, day=1))
    actions.rebuild(now=now)
    desk = text(signed_in(Role.EDITOR), "/en/records/own/")
    assert "Expire within two weeks" in desk
    assert "Expires within two weeks." in text(Client(), address(record, "en"))


def test_an_archived_record_offers_no_further_step(now: datetime) -> None:
    record = cast.offer(now)
    for to in (State.WITHDRAWN, State.ARCHIVED):
        actions.move(viewer=cast.EDITOR, record_id=record.id, to=to, now=now)
    client = signed_in(Role.EDITOR)
    assert 'name="to"' not in text(client, address(record))
    text(client, address(record, page="edit/"), 409)
    assert Reading.objects.get(record=record.id).state == State.ARCHIVED
