"""Sheets, calendars and files: what goes out comes back in, and nothing is saved before consent."""

import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from kakehashi.accounts.viewer import Role
from kakehashi.importers import files
from kakehashi.missions import calendars, sheets
from kakehashi.missions.times import Span
from tests import cast
from tests.missions import day as days
from tests.missions.day import Day
from tests.missions.test_pages import address, signed_in, text

TOKYO = ZoneInfo("Asia/Tokyo")
OSAKA, MUNICH = ("osaka.example", "1"), ("munich.example", "2")
FIND = {"naniwa": OSAKA, "isar": MUNICH, "kobe": ("osaka.example", "3")}


def table(content: str) -> sheets.Table:
    return files.read("a.csv", content.encode(), sheets.known)


def wishes(content: str) -> sheets.Found:
    return sheets.wishes(
        table(content), FIND.get, lambda by: by == MUNICH, lambda one, other: one[0] != other[0]
    )


@pytest.mark.parametrize(
    "header", ["von;an;Priorität;Grund", "by,of,priority,why", "希望元,希望先,優先度,理由"]
)
def test_wishes_are_read_under_the_names_of_three_languages(header: str) -> None:
    by = ";" if ";" in header else ","
    found = wishes(header + "\n" + by.join(("isar", "naniwa", "３", "Assay")))
    assert [(w.by, w.of, w.priority, w.why) for w in found.wishes] == [(MUNICH, OSAKA, 3, "Assay")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("isar,nobody,1,", "company-unknown"),
        ("naniwa,isar,1,", "not-yours"),
        ("isar,isar,1,", "same-side"),
        ("isar,naniwa,urgent,", "priority-unknown"),
        (f"isar,naniwa,1,{'x' * 501}", "why-too-long"),
        ("isar,kobe,1,", "twice"),
    ],
)
def test_each_line_that_is_wrong_is_named_and_the_others_stay_good(line: str, code: str) -> None:
    found = wishes(f"by,of,priority,why\nisar,kobe,2,\n{line}")
    assert [(fault.line, fault.code) for fault in found.faults] == [(3, code)]
    assert len(found.wishes) == 1


def test_without_the_columns_nothing_is_guessed() -> None:
    assert [fault.code for fault in wishes("a,b\nisar,naniwa").faults] == ["columns-missing"]


def talks(content: str, *days: str) -> sheets.Found:
    dates = [datetime.fromisoformat(day).date() for day in days]
    rows, faults = sheets.talk_rows(table(content), dates, TOKYO)
    start = datetime(2031, 10, 8, 9, 30, tzinfo=TOKYO)
    slots = [Span(start, start + timedelta(minutes=25))]

    def ordered(one: tuple[str, str], other: tuple[str, str]) -> tuple[tuple[str, str], ...] | None:
        return tuple(sorted((one, other), reverse=True)) if one[0] != other[0] else None

    return sheets.talks(rows, FIND.get, ordered, slots) if not faults else sheets.Found(faults=faults)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2031-10-08,09:30,naniwa,nobody,", "company-unknown"),
        ("2031-10-08,09:30,naniwa,kobe,", "same-side"),
        ("2031-10-08,noon,naniwa,isar,", "time-unknown"),
        (",09:30,naniwa,isar,", "time-unknown"),  # of which of the two days?
        ("2031-10-08,09:45,naniwa,isar,", "time-outside"),
    ],
)
def test_a_talk_that_cannot_be_placed_is_named(line: str, code: str) -> None:
    found = talks(f"date,start,host,guest,table\n{line}", "2031-10-08", "2031-10-09")
    assert [fault.code for fault in found.faults] == [code]


def test_talks_come_fixed_and_a_day_that_is_the_only_one_need_not_be_said() -> None:
    found = talks("Beginn;Gastgeber;Gast;Tisch\n9:30;isar;naniwa;Tisch 1", "2031-10-08")
    assert [(t.host, t.guest, t.table, t.fixed) for t in found.talks] == [(OSAKA, MUNICH, "Tisch 1", True)]
    assert talks("host,guest\nisar,naniwa", "2031-10-08").faults[0].code == "columns-missing"


@pytest.mark.parametrize("summary", ["Isar – Naniwa", "Isar - Naniwa", "Isar / Naniwa", "Isar x Naniwa"])
def test_a_calendar_of_another_tool_names_both_in_its_summary(summary: str) -> None:
    data = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART:20311008T003000Z\r\nSUMMARY:{summary}\r\nLOCATION:Room 2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    [row] = calendars.read_calendar(data.encode())
    assert (row.host, row.guest, row.table) == ("Isar", "Naniwa", "Room 2")
    assert row.start == datetime(2031, 10, 8, 9, 30, tzinfo=TOKYO)


@pytest.fixture
def now() -> datetime:
    from kakehashi import clock

    return clock.now()


@pytest.fixture
def day(now: datetime) -> Day:
    made = days.announced(now)
    days.meets(made, made.own, now)
    return made


@pytest.mark.django_db
def test_a_sheet_and_its_calendar_are_for_the_company_and_the_team(day: Day, now: datetime) -> None:
    member = signed_in(Role.MEMBER, organisation=day.own.id)
    sheet = address("company", day, cast.HERE, day.own.id, lang="ja")
    page = text(member, sheet)
    assert "なにわ製薬株式会社" in page
    start = day.seen(cast.EDITOR, now).talks[0].start
    data = member.get(sheet.rstrip("/") + ".ics").content
    [event] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event.decoded("dtstart") == start
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=25)
    assert str(event["summary"]) == "なにわ製薬株式会社"
    assert b"BEGIN:VTIMEZONE" in data
    assert "Isar Biologics" in text(signed_in(), address("table", day, 1))
    with override("en"):
        assert member.get(address("table", day, 1)).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "ics"])
def test_what_is_exported_is_imported_again_after_a_look(day: Day, now: datetime, form: str) -> None:
    client = signed_in()
    before = day.seen(cast.EDITOR, now).talks
    data = client.get(address("export", day, form)).content
    drops = {"host": "/".join(before[0].host), "guest": "/".join(before[0].guest), "do": "drop"}
    client.post(address("talk", day), drops)
    assert day.seen(cast.EDITOR, now).talks == ()
    looked = client.post(address("bring", day), {"file": SimpleUploadedFile(f"talks.{form}", data)})
    assert looked.context["count"] == 1, looked.context["faults"]
    assert day.seen(cast.EDITOR, now).talks == ()  # nothing before consent
    client.post(address("bring", day), {"agree": "yes", "name": "x", "data": looked.context["upload"].packed})
    [after] = day.seen(cast.EDITOR, now).talks
    assert (after.pair, after.start, after.fixed) == (before[0].pair, before[0].start, True)
    if form == "csv":
        assert next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[0] == "Date"
        assert after.table == before[0].table


@pytest.mark.django_db
def test_wishes_of_a_file_join_those_that_are_there(day: Day, now: datetime) -> None:
    days.comes(day, "神戸バイオ株式会社", now)
    own = (cast.HERE, str(day.own.id))
    client = signed_in(Role.MEMBER, organisation=day.own.id)
    content = (
        "by,of,priority,why\nIsar Biologics,神戸バイオ,1,Kit\n"
        "Isar Biologics GmbH,なにわ製薬株式会社,3,call +49 89 1234567\nOther,なにわ製薬株式会社,3,\n"
    )
    looked = client.post(address("bring", day), {"file": SimpleUploadedFile("w.csv", content.encode())})
    assert [line for line, _ in looked.context["faults"]] == [3, 4]
    assert "takes part under no such name" in looked.content.decode()
    assert day.seen(cast.EDITOR, now).by_company[own].wishes == ()
    client.post(address("bring", day), {"agree": "yes", "name": "x", "data": looked.context["upload"].packed})
    [wish] = day.seen(cast.EDITOR, now).by_company[own].wishes
    assert (wish.name, wish.priority) == ("神戸バイオ株式会社", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\x00" * 50])
def test_a_file_that_is_none_is_refused_in_words(day: Day, data: bytes) -> None:
    answer: Client = signed_in().post(address("bring", day), {"file": SimpleUploadedFile("a.csv", data)})
    assert answer.status_code == 200
    assert "errors" in answer.content.decode() or answer.context["faults"]
