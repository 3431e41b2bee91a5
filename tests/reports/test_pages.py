"""The report's pages and files: each number leads to as many records, nobody sees what is not theirs."""

import io
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.introductions import actions
from kakehashi.introductions.steps import Reason
from tests import cast
from tests.exchange.test_erasing import BOTH, given_offer
from tests.exchange.world import World, body
from tests.introductions.world import World as Introductions
from tests.pinned import assert_asks

pytestmark = pytest.mark.django_db
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))


def client(role: Role | None) -> Client:
    found = Client()
    if role is not None:
        found.force_login(cast.user(role), "allauth.account.auth_backends.AuthenticationBackend")
    return found


def words(visitor: Client, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", TAG.sub(" ", answer.content.decode()))


def world(now: datetime) -> World:
    """One offer and its owner given, two offers received, one of them revised; none of it for the public."""
    made = World(now, **BOTH)
    given_offer(now)
    id = uuid4()
    made.origin.put(id, body=body())
    made.origin.put(body=body(title="別の提供"))
    made.origin.put(id, body=body(title="改訂した提供", revision=2))
    made.apply()
    return made


def numbers(html: str) -> list[tuple[str, int]]:
    """(address, number) of each number that is a link."""
    found = re.findall(r'href="([^"]+/evidence/[^"]*)">([\d,]+)</a>', html)
    return [(address.replace("&amp;", "&"), int(number.replace(",", ""))) for address, number in found]


def test_every_number_leads_to_as_many_records(now: datetime) -> None:
    world(now)
    manager = client(Role.MANAGER)
    found = numbers(manager.get("/en/reports/2026/").content.decode())
    assert {number for _address, number in found} >= {1, 2}
    for address, number in found:
        page = manager.get(address).content.decode()
        assert page.count('<th scope="row">') == number, address


@pytest.mark.parametrize("more", [0, 5])
def test_the_report_asks_as_often_as_was_pinned_however_much_was_given(now: datetime, more: int) -> None:
    made = world(now)
    for _ in range(more):
        given_offer(now)
        made.origin.put(body=body())
    made.apply()
    assert_asks(client(Role.MANAGER), "/en/reports/2026/", 15)


def test_a_log_that_has_grown_is_read_again(now: datetime) -> None:
    made, manager = world(now), client(Role.MANAGER)
    before = words(manager, "/en/reports/2026/")
    made.origin.put(body=body(title="新しい提供"))
    made.apply()
    assert words(manager, "/en/reports/2026/") != before


def test_every_number_of_introductions_leads_to_as_many_of_them(now: datetime) -> None:
    made = Introductions(now)
    key, refused = made.checked(), made.asked_from_there(now)
    made.says("reply", "accepted", key, now)
    made.says("outcome", "technology", key, now)
    actions.judge(viewer=made.manager, interest=key, agrees=True, words="", lang="de", now=now)
    no = {"reason": Reason.IP, "words": "", "lang": "de", "now": now}
    actions.decline(viewer=made.manager, interest=refused, **no)
    manager = client(Role.MANAGER)
    page = manager.get("/en/reports/2026/").content.decode()
    found = re.findall(r'href="([^"]+/introductions/(\w+)/)">([\d,]+)</a>', page)
    assert {"checked", "confirmed", "technology", "declined"} <= {name for _address, name, _number in found}
    for address, _name, number in found:
        told = manager.get(address).content.decode().split("<main")[1]
        assert told.count("/en/introductions/") == int(number), address


def test_an_outcome_of_an_earlier_question_stands_in_the_year_of_its_confirmation(now: datetime) -> None:
    made, later = Introductions(now), now.replace(year=2027)
    key = made.checked()
    made.says("reply", "accepted", key, now)
    made.says("outcome", "business", key, now + timedelta(days=1))
    actions.judge(viewer=made.manager, interest=key, agrees=True, words="", lang="de", now=later)
    manager = client(Role.MANAGER)
    assert "Business agreement 1" in words(manager, "/en/reports/2027/")
    assert "Business agreement 0" in words(manager, "/en/reports/2026/")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_days_are_the_same_on_nodes_of_every_time_zone(now: datetime, settings: Any, zone: str) -> None:
    late = now.replace(hour=23, minute=30)  # tomorrow in Osaka
    world(late)
    settings.TIME_ZONE = zone
    manager = client(Role.MANAGER)
    for address in ("/en/reports/2026/", "/en/reports/2026/evidence/"):
        days = set(re.findall(r'<time datetime="(2026-11-[0-9]+)"', manager.get(address).content.decode()))
        assert days == {f"{late:%Y-%m-%d}"}, address


def test_strangers_are_told_of_public_records_only(now: datetime) -> None:
    world(now)
    manager, stranger = client(Role.MANAGER), client(None)
    assert "Osaka 2 records: " in words(manager, "/en/reports/2026/")
    assert "Osaka 0 records: " in words(stranger, "/en/reports/2026/")
    assert "別の提供" in words(manager, "/ja/reports/2026/evidence/")
    assert "別の提供" not in words(stranger, "/ja/reports/2026/evidence/")


def test_what_was_withdrawn_stays_counted_and_its_title_is_gone(now: datetime) -> None:
    made, id = World(now, **BOTH), uuid4()
    made.origin.put(id, body=body())
    made.apply()
    manager = client(Role.MANAGER)
    assert "ペプチド医薬の提供" in words(manager, "/ja/reports/2026/evidence/")
    made.origin.withdraw(id)
    made.apply()
    page = words(manager, "/en/reports/2026/evidence/")
    assert "1 record was given" in page
    assert "no longer to be read" in page


def test_a_period_is_asked_for_by_two_days(now: datetime) -> None:
    world(now)
    manager = client(Role.MANAGER)
    asked = manager.get("/de/reports/?first=2026-11-01&last=2026-11-30")
    assert asked.headers["Location"] == "/de/reports/2026-11-01--2026-11-30/"
    assert "Osaka 2 records: " in words(manager, "/en/reports/2026-11-01--2026-11-30/")
    assert "Nothing was given" in words(manager, "/en/reports/2026-01-01--2026-01-31/")
    wrong = words(manager, "/de/reports/?first=2026-11-30&last=2026-11-01")
    assert "Der letzte Tag liegt vor dem ersten." in wrong


def test_without_an_agreement_there_is_nothing_to_report(now: datetime) -> None:
    assert "Es gibt noch nichts zu berichten." in words(client(None), "/de/reports/2026/")
    assert client(None).get("/de/reports/2026/evidence/").status_code == 404


def test_the_spreadsheet_holds_the_numbers_and_every_record_and_no_formula(now: datetime) -> None:
    made = World(now, **BOTH)
    made.origin.put(body=body(title="=HYPERLINK(1)"))
    made.apply()
    data = client(Role.MANAGER).get("/en/reports/2026/report.xlsx").content
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Numbers", "Records", "Companies", "Definitions"]
    rows = [[cell.value for cell in row] for row in book["Numbers"].iter_rows()]
    assert ["All records", 0, 1, 1] in [[row[0], *row[3:6]] for row in rows]
    title = book["Records"]["D2"]
    assert (title.value, title.data_type) == ("=HYPERLINK(1)", "s")


@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_the_report_is_set_as_pdf_in_each_language(now: datetime, language: str) -> None:
    world(now)
    answer = client(Role.MANAGER).get(f"/{language}/reports/2026/report.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content  # tagged, for those who hear it
    assert f"/Lang({language})".encode() in answer.content
