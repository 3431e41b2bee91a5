"""After a talk: notes that both sides of it read, and the introduction that comes of one."""

from datetime import datetime
from uuid import UUID

import pytest

from kakehashi.accounts.viewer import Role
from kakehashi.missions.bodies import narrowed
from tests import cast
from tests.missions import day as days
from tests.missions.day import Day
from tests.missions.test_pages import address, signed_in, text

pytestmark = pytest.mark.django_db
SAID = {"said": "Der Assay passt zu ihrem Kit.", "next": "Wir senden das Protokoll.", "due": "2031-11-01"}


@pytest.fixture
def now() -> datetime:
    from kakehashi import clock

    return clock.now()


@pytest.fixture
def day(now: datetime) -> Day:
    return days.announced(now)


def test_what_came_of_a_talk_is_written_once_and_changed_in_place(day: Day, now: datetime) -> None:
    guest = days.meets(day, day.own, now)
    own = (cast.HERE, str(day.own.id))
    note = address("note", day, day.own.id, days.OSAKA, guest, lang="de")
    client = signed_in(Role.MEMBER, organisation=day.own.id)
    assert "Vermittlung daraus machen" not in text(client, note)
    assert client.post(note, {**SAID, "go_on": "on"}).status_code == 302
    assert "Vermittlung daraus machen" in text(client, note)
    client.post(note, {**SAID, "next": "Wir kommen im März.", "go_on": "on"})
    [kept] = day.seen(cast.EDITOR, now).by_company[own].notes
    assert (kept.said["de"]["text"], kept.next["de"]["text"], kept.due, kept.go_on) == (
        SAID["said"],
        "Wir kommen im März.",
        "2031-11-01",
        True,
    )


def test_words_that_did_not_change_keep_the_language_in_which_they_were_written(
    day: Day, now: datetime
) -> None:
    guest = days.meets(day, day.own, now)
    client = signed_in()
    client.post(address("note", day, day.own.id, days.OSAKA, guest, lang="de"), SAID)
    client.post(
        address("note", day, day.own.id, days.OSAKA, guest, lang="ja"), {**SAID, "next": "三月に伺います。"}
    )
    [kept] = day.seen(cast.EDITOR, now).by_company[cast.HERE, str(day.own.id)].notes
    assert (set(kept.said), set(kept.next)) == ({"de"}, {"ja"})


def test_a_note_with_an_address_does_not_cross(day: Day, now: datetime) -> None:
    guest = days.meets(day, day.own, now)
    note = address("note", day, day.own.id, days.OSAKA, guest)
    answer = signed_in().post(note, {**SAID, "said": "mail a.huber@isar.example"})
    assert "Leave out addresses and telephone numbers" in answer.content.decode()


def test_the_other_side_of_the_talk_reads_the_note_and_nobody_else_does(day: Day, now: datetime) -> None:
    guest = days.meets(day, day.own, now)
    other = cast.organisation(now, name="Andere Biotech GmbH")
    days.enters(day, other, now)
    own = {"origin": cast.HERE, "id": str(day.own.id), "name": "Isar Biologics GmbH"}
    said = {"ja": {"text": "試料を送ります。", "origin": "original"}}
    days.comes(
        day, "なにわ製薬株式会社", now, company=guest, revision=2,
        notes=[{"organisation": own, "said": said, "go_on": True}],
    )  # fmt: skip
    page = text(signed_in(), address("note", day, day.own.id, days.OSAKA, guest))
    assert "試料を送ります。" in page
    every = day.seen(cast.EDITOR, now).participants
    for company, count in ((day.own.id, 1), (other.id, 0)):
        seen = {one.company: one for one in narrowed(every, (cast.HERE, str(company)))}
        assert len(seen[days.OSAKA, str(guest)].notes) == count


def test_without_a_talk_there_is_nothing_to_note(day: Day, now: datetime) -> None:
    guest = UUID(days.comes(day, "なにわ製薬株式会社", now)[1])
    assert signed_in().get(address("note", day, day.own.id, days.OSAKA, guest)).status_code == 404
