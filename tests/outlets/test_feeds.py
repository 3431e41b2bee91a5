"""Atom and JSON Feed: what is public, in the language of the address, and gone when it is taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from kakehashi.accounts.viewer import Role
from kakehashi.outlets.views import feeds
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from tests import cast
from tests.outlets.world import ATOM, notice
from tests.pinned import assert_asks

pytestmark = pytest.mark.django_db
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(path: str, **more: Any) -> etree._Element:
    answer = Client().get(path, **more)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def titles(root: etree._Element) -> list[str]:
    return [each.text for each in root.findall(f"{ATOM}entry/{ATOM}title")]


def links(root: etree._Element) -> dict[str, str]:
    return {each.get("rel"): each.get("href") for each in root.findall(f"{ATOM}link")}


def test_a_feed_speaks_the_language_of_its_address_and_marks_a_machine_s_wording(now: datetime) -> None:
    cast.offer(now)
    assert titles(atom("/de/feeds/atom.xml?kind=offer")) == ["Antikörper gegen solide Tumoren"]
    english = atom("/en/feeds/atom.xml?kind=offer")
    assert titles(english) == ["Antibodies for solid tumours"]
    assert english.find(f"{ATOM}entry/{ATOM}title").get(LANG) == "en-t-de"
    assert titles(atom("/ja/feeds/atom.xml?kind=offer")) == ["Antikörper gegen solide Tumoren"]
    item = Client().get("/en/feeds/feed.json?kind=offer").json()["items"][0]
    assert item["title"] == "Antibodies for solid tumours"
    assert item["language"] == "de"  # of the summary, which nobody translated
    assert "German original, not yet translated" in item["content_text"]


def test_an_entry_leads_to_the_page_in_the_language_of_the_feed(now: datetime) -> None:
    offer = cast.offer(now)
    entry = atom("/ja/feeds/atom.xml?kind=offer").find(f"{ATOM}entry")
    address = entry.find(f"{ATOM}link").get("href")
    assert address == f"http://testserver/ja/records/munich.example/{offer.id}/"
    assert Client().get(address).status_code == 200
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{offer.id}"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-22T09:00:00Z"
    assert entry.findtext(f"{ATOM}rights").startswith("TLP:CLEAR")


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.OPERATOR])
def test_everyone_gets_the_same_whoever_is_signed_in(now: datetime, role: Role | None) -> None:
    owner = cast.organisation(now)
    cast.offer(now, owner, audience="members", title="Nur für Mitglieder")
    actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner, title="Entwurf"), now=now)
    cast.received(now, onward="public", tlp="CLEAR")
    client = Client()
    if role is not None:
        client.force_login(cast.user(role, owner.id))
    for language in ("de", "ja", "en"):
        items = client.get(f"/{language}/feeds/feed.json").json()["items"]
        assert [item["id"] for item in items] == [f"urn:uuid:{owner.id}"]


def test_a_feed_is_narrowed_by_kind_and_topic(now: datetime) -> None:
    owner = cast.organisation(now, topics=["imaging"])
    cast.offer(now, owner)
    assert titles(atom("/de/feeds/atom.xml?topic=imaging")) == ["Isar Biologics GmbH"]
    assert len(titles(atom("/de/feeds/atom.xml?topic=oncology&kind=offer"))) == 1
    assert titles(atom("/de/feeds/atom.xml?topic=imaging&kind=offer")) == []
    both = atom("/de/feeds/atom.xml?topic=oncology&kind=offer")
    assert both.findtext(f"{ATOM}title") == "Demonstrationsknoten München · Angebote · Onkologie"


@pytest.mark.parametrize("query", ["kind=castle", "topic=castles", "page=2", "page=0", "page=x"])
def test_a_feed_that_does_not_exist_is_not_found(query: str) -> None:
    for name in ("atom.xml", "feed.json"):
        assert Client().get(f"/de/feeds/{name}?{query}").status_code == 404


def test_a_long_feed_has_pages_that_lead_to_each_other(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PER_PAGE", 2)
    for number in range(5):
        cast.organisation(now + timedelta(seconds=number), name=f"Firma {number}")
    seen, ids, address = [], set(), "/de/feeds/atom.xml?kind=organisation"
    while address:
        root = atom(address)
        seen += titles(root)
        ids.add(root.findtext(f"{ATOM}id"))
        address = links(root).get("next", "")
    assert seen == [f"Firma {number}" for number in (4, 3, 2, 1, 0)]
    assert len(ids) == 1  # one feed, however many pages
    assert links(root)["first"] == "http://testserver/de/feeds/atom.xml?kind=organisation"
    assert links(root)["previous"].endswith("page=2")
    json = Client().get("/de/feeds/feed.json?kind=organisation").json()
    assert json["next_url"].endswith("/de/feeds/feed.json?kind=organisation&page=2")


def fetch(path: str, **headers: str) -> HttpResponse:
    return Client().get(path, headers=headers)


@pytest.mark.parametrize("path", ["/de/feeds/atom.xml", "/de/feeds/feed.json"])
def test_who_has_it_already_is_told_so_until_something_changes(now: datetime, path: str) -> None:
    offer = cast.offer(now)
    notice(now)
    first = fetch(path)
    assert fetch(path, if_none_match=first["ETag"]).status_code == 304
    assert fetch(path, if_modified_since=first["Last-Modified"]).status_code == 304
    later = now + timedelta(hours=1)
    actions.move(viewer=cast.EDITOR, record_id=offer.id, to=State.WITHDRAWN, now=later)
    again = fetch(path, if_none_match=first["ETag"])
    assert again.status_code == 200
    assert str(offer.id) not in again.content.decode()
    notice(later)
    assert fetch(path, if_modified_since=first["Last-Modified"]).status_code == 200


def test_an_empty_feed_is_a_feed() -> None:
    root = atom("/en/feeds/atom.xml")
    assert titles(root) == []
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert Client().get("/en/feeds/feed.json").json()["items"] == []


def test_a_feed_sets_no_cookie_a_page_keeps_the_language() -> None:
    assert not Client().get("/ja/feeds/atom.xml").cookies
    assert Client().get("/ja/feeds/").cookies


def test_a_feed_asks_the_database_as_often_for_many_records_as_for_one(now: datetime) -> None:
    for number in range(12):
        cast.organisation(now, name=f"Firma {number}")
    assert_asks(Client(), "/de/feeds/atom.xml", 3)


@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_every_page_names_the_feeds_and_the_page_about_them_lists_all(now: datetime, language: str) -> None:
    front = Client().get(f"/{language}/").content.decode()
    assert f'type="application/atom+xml" title="Atom" href="/{language}/feeds/atom.xml"' in front
    assert f'href="/{language}/feeds/"' in front
    page = Client().get(f"/{language}/feeds/").content.decode()
    assert "http://testserver/oai" in page
    for query in ("", "?kind=practice", "?topic=gene_therapy"):
        assert f'href="/{language}/feeds/feed.json{query}"' in page
        assert Client().get(f"/{language}/feeds/feed.json{query}").status_code == 200
