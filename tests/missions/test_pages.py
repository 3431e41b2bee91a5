"""The pages of missions on one node: announced, joined, wished for, computed, moved by hand."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kakehashi.accounts.viewer import Role
from kakehashi.errors import Conflict, NotAllowed, NotFound
from kakehashi.missions import actions, jobs, queries
from kakehashi.missions.models import Computation
from kakehashi.records import queries as records
from tests import cast
from tests.missions import day as days
from tests.missions.day import Day
from tests.pinned import assert_asks

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    """The pages read the real clock."""
    from kakehashi import clock

    return clock.now()


@pytest.fixture
def day(now: datetime) -> Day:
    return days.announced(now)


def signed_in(role: Role = Role.EDITOR, **facts: object) -> Client:
    client = Client()
    client.force_login(cast.user(role, **facts))
    return client


def address(name: str, day: Day, *more: object, lang: str = "en") -> str:
    with override(lang):
        return reverse(f"missions:{name}", args=[cast.HERE, day.id, *more])


def text(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_mission_is_announced_in_lines_and_read_in_them_again(day: Day, now: datetime) -> None:
    client = signed_in()
    with override("en"):
        new = reverse("missions:new")
    said = {
        "title": "Partnering Day Osaka",
        "host": str(day.host.id),
        "city": "Osaka",
        "zone": "Asia/Tokyo",
        "days": "2031-10-08 09:30-12:00\n２０３１-10-09　9:30～11:00",
        "breaks": "10:30-10:45 Coffee\n2031-10-09 10:00-10:10",
        "minutes": "25",
        "pause": "5",
        "tables": "Table 1\nRoom A; 2031-10-08 09:30-10:30",
        "interpreters": "Interpreter 1; JA, en",
        "lineage": day.lineage,
    }
    answer = client.post(new, said)
    assert answer.status_code == 302, answer.context["form"].errors
    made = next(each for each in queries.missions(cast.EDITOR, now) if each.city == "Osaka")
    assert [f"{slot.start:%d %H:%M}" for slot in made.slots] == [
        *("08 00:30", "08 01:00", "08 01:45", "08 02:15"),
        "09 00:30",  # the rest of that morning is breaks
    ]
    assert [place.name for place in made.tables if place.when] == ["Room A"]
    assert made.interpreters[0].languages == ("ja", "en")
    again = client.get(answer.headers["Location"] + "edit/").context["form"].initial
    assert again["tables"] == said["tables"]
    assert client.post(answer.headers["Location"] + "edit/", {**said, **again}).status_code == 302


UNREADABLE = [
    ("days", "2031-10-08 09:30", "Line 1: the hours are missing"),
    ("days", "2031-10-08 09:30-08:00", "Line 1: it ends before it begins"),
    ("days", "2031-10-08 09:30-10:00\n\n08.10.2031 09:30-10:00", "Line 3: the day is missing"),
    ("breaks", "Lunch", "Line 1: the hours are missing"),
    ("tables", "Table 1\nTable 1", "Line 2: this name is there already"),
    ("interpreters", "Interpreter; ja, klingon", "Line 1: languages are written"),
    ("interpreters", "Interpreter; ja", "Line 1: say between which languages"),
    ("zone", "Mars/Olympus", "There is no time zone of this name."),
    ("title", "Call +49 89 1234567", "Leave out addresses and telephone numbers"),
]


def test_a_line_that_cannot_be_read_is_named_and_nothing_is_saved(day: Day, now: datetime) -> None:
    said = {
        **{"title": "Day", "host": str(day.host.id), "city": "Osaka", "zone": "Asia/Tokyo", "minutes": "25"},
        **{"days": "2031-10-08 09:30-12:00", "tables": "1", "pause": "5", "lineage": day.lineage},
    }
    client = signed_in()
    with override("en"):
        new = reverse("missions:new")
    for field, words, sentence in UNREADABLE:
        assert sentence in client.post(new, {**said, field: words}).content.decode(), words
    assert len(queries.missions(cast.EDITOR, now)) == 1


def test_a_member_enters_its_own_organisation_and_says_whom_it_wants_to_meet(day: Day, now: datetime) -> None:
    naniwa = days.comes(day, "なにわ製薬株式会社", now)
    small = cast.organisation(now, name="Würm Diagnostik GmbH")
    client = signed_in(Role.MEMBER, organisation=small.id)
    joined = client.post(
        address("join", day),
        {"organisation": str(small.id), "languages": ["de", "en"], "away": "", "most": "3"},
    )
    wishes = address("wishes", day, small.id)
    assert joined.headers["Location"] == wishes
    assert "なにわ製薬株式会社" in text(client, wishes)
    client.post(wishes, {"priority-0": "3", "why-0": "Our assay fits their kit"})
    part = day.seen(cast.EDITOR, now).by_company[cast.HERE, str(small.id)]
    assert [(wish.company, wish.priority, wish.why["en"]["text"]) for wish in part.wishes] == [
        (naniwa, 3, "Our assay fits their kit")
    ]
    assert part.most == 3
    client.post(address("join", day), {"organisation": str(small.id), "languages": ["ja"], "away": ""})
    part = day.seen(cast.EDITOR, now).by_company[cast.HERE, str(small.id)]
    assert (len(part.wishes), part.languages) == (1, ("ja",))  # wishes stay when times change


def test_a_wish_with_a_telephone_number_does_not_cross(day: Day, now: datetime) -> None:
    days.comes(day, "なにわ製薬株式会社", now)
    wishes = address("wishes", day, day.own.id)
    answer = signed_in().post(wishes, {"priority-0": "3", "why-0": "ring +49 89 1234567"})
    assert "Leave out addresses and telephone numbers" in answer.content.decode()
    assert day.seen(cast.EDITOR, now).by_company[cast.HERE, str(day.own.id)].wishes == ()


def test_a_member_reads_no_wish_and_no_talk_that_does_not_concern_it(day: Day, now: datetime) -> None:
    other = cast.organisation(now, name="Andere Biotech GmbH")
    days.enters(day, other, now)
    own_key = (cast.HERE, str(day.own.id))
    naniwa = days.comes(day, "なにわ製薬株式会社", now, wishes=[days.wish(own_key, why="Geheimnis")])
    mission = day.seen(cast.EDITOR, now)
    actions.put(
        viewer=cast.EDITOR,
        mission=mission,
        pair=(own_key, naniwa),
        start=mission.programme.slots[0].start,
        now=now,
    )
    mine, theirs = (day.seen(cast.member(org.id), now) for org in (day.own, other))
    assert [len(seen.talks) for seen in (mine, theirs)] == [1, 0]
    assert [len(seen.by_company[naniwa].wishes) for seen in (mine, theirs)] == [1, 0]
    with pytest.raises(NotFound):
        queries.participant(cast.member(other.id), theirs, *own_key[:1], day.own.id)
    page = text(signed_in(Role.MEMBER, organisation=other.id), address("mission", day))
    assert "Geheimnis" not in page
    assert "No talks of yours" in page
    with pytest.raises(NotAllowed):
        day.seen(cast.READER, now)
    assert queries.missions(cast.READER, now) == []


def test_the_worker_computes_what_was_asked_and_the_page_shows_it(day: Day, now: datetime) -> None:
    own_key = (cast.HERE, str(day.own.id))
    naniwa = days.comes(day, "なにわ製薬株式会社", now, wishes=[days.wish(own_key)])
    mission = day.seen(cast.EDITOR, now)
    actions.write(
        viewer=cast.EDITOR,
        mission=mission,
        one=mission.by_company[own_key],
        now=now,
        wishes=[days.wish(naniwa)],
    )
    client = signed_in()
    client.post(address("schedule", day))
    assert "The schedule is being computed" in text(client, address("mission", day))
    with pytest.raises(Conflict):
        actions.rearrange(viewer=cast.EDITOR, mission=mission, talks=[], now=now)
    assert jobs.compute_due(now=now) == 1
    assert jobs.compute_due(now=now) == 0
    seen = day.seen(cast.EDITOR, now)
    assert [(talk.pair, talk.interpreter) for talk in seen.talks] == [((own_key, naniwa), "Dolmetscher 1")]
    assert seen.conflicts == []
    assert seen.planned is not None
    assert seen.planned.value == seen.planned.bound == 2 * (3 + 3) + 2 * 4
    page = text(client, address("mission", day))
    assert "It is proven that no schedule can fulfil the wishes better." in page
    assert "1 of 1" in page
    assert client.get(address("schedule", day)).headers["HX-Refresh"] == "true"


def test_a_computation_that_breaks_is_said_and_not_repeated(day: Day, now: datetime) -> None:
    actions.ask(viewer=cast.EDITOR, mission=day.seen(cast.EDITOR, now), now=now)
    mission = day.seen(cast.EDITOR, now)
    actions.leave(
        viewer=cast.EDITOR, mission=mission, one=mission.by_company[cast.HERE, str(day.own.id)], now=now
    )
    Computation.objects.update(mission=day.own.id)  # no mission has this id
    with pytest.raises(NotFound):
        jobs.compute_due(now=now)
    assert jobs.compute_due(now=now) == 0
    assert Computation.objects.get().failed


def test_a_talk_is_moved_by_hand_stays_there_and_its_conflicts_are_said(day: Day, now: datetime) -> None:
    own_key = (cast.HERE, str(day.own.id))
    naniwa = days.comes(day, "なにわ製薬株式会社", now, wishes=[days.wish(own_key)])
    kobe = days.comes(day, "神戸バイオ株式会社", now, wishes=[days.wish(own_key)])
    client, slots = signed_in(), day.seen(cast.EDITOR, now).programme.slots
    said = {
        "host": "/".join(own_key),
        "guest": "/".join(naniwa),
        "start": slots[2].start.isoformat(),
        "do": "put",
    }
    client.post(address("talk", day), said)
    client.post(address("schedule", day))
    jobs.compute_due(now=now)
    seen = day.seen(cast.EDITOR, now)
    assert {(talk.pair[1], talk.start, talk.fixed) for talk in seen.talks if talk.fixed} == {
        (naniwa, slots[2].start, True)
    }
    assert {talk.guest for talk in seen.talks} == {naniwa, kobe}
    client.post(address("talk", day), {**said, "guest": "/".join(kobe)})
    page = text(client, address("mission", day))
    assert "2 talks cannot be held like this" in page
    assert "Isar Biologics GmbH has two talks at the same time." in page
    client.post(address("talk", day), {**said, "do": "free"})
    client.post(address("talk", day), {**said, "guest": "/".join(kobe), "do": "drop"})
    assert [(talk.guest, talk.fixed) for talk in day.seen(cast.EDITOR, now).talks] == [(naniwa, False)]


def test_guests_of_two_partners_wish_for_each_other_and_are_put_together_by_hand(
    day: Day, now: datetime
) -> None:
    naniwa = days.comes(day, "なにわ製薬株式会社", now)
    second = days.comes(day, "神戸バイオ株式会社", now)
    kyoto = days.comes(day, "京都細胞株式会社", now, node="kyoto.example", wishes=[days.wish(naniwa)])
    mission = day.seen(cast.EDITOR, now)
    met = {one.company for one in mission.others(mission.by_company[kyoto])}
    assert met == {naniwa, second, (cast.HERE, str(day.own.id))}
    client = signed_in()
    start = mission.programme.slots[0].start.isoformat()
    said = {"host": "/".join(naniwa), "start": start, "do": "put"}
    wrong = client.post(address("talk", day), {**said, "guest": "/".join(second)})
    assert "Both are of the same side." in wrong.content.decode()
    client.post(address("talk", day), {**said, "guest": "/".join(kyoto)})
    seen = day.seen(cast.EDITOR, now)
    assert {frozenset(talk.pair) for talk in seen.talks} == {frozenset({naniwa, kyoto})}
    assert seen.conflicts == []


def test_a_talk_outlives_a_programme_that_no_longer_has_its_time(day: Day, now: datetime) -> None:
    own_key = (cast.HERE, str(day.own.id))
    naniwa = days.comes(day, "なにわ製薬株式会社", now)
    mission = day.seen(cast.EDITOR, now)
    start = mission.programme.slots[1].start
    actions.put(viewer=cast.EDITOR, mission=mission, pair=(own_key, naniwa), start=start, now=now)
    shifted = days.facts(day.host, now + timedelta(days=1))
    actions.announce(viewer=cast.EDITOR, facts=shifted, lineage=day.lineage, record_id=day.id, now=now)
    actions.ask(viewer=cast.EDITOR, mission=day.seen(cast.EDITOR, now), now=now)
    jobs.compute_due(now=now)
    seen = day.seen(cast.EDITOR, now)
    assert [talk.start for talk in seen.talks] == [start]
    assert "The programme has no talks at this time any more." in text(signed_in(), address("mission", day))


def test_what_a_partner_says_in_the_name_of_another_is_not_taken(day: Day, now: datetime) -> None:
    days.comes(day, "Isar Biologics GmbH", now, organisation=days.reference(day.own))
    days.comes(day, "なにわ製薬株式会社", now, says="schedule", talks=[])
    mission = day.seen(cast.EDITOR, now)
    assert [one.company for one in mission.participants] == [(cast.HERE, str(day.own.id))]
    assert mission.planned is None


def test_taken_out_a_participant_is_gone_and_may_come_again(day: Day, now: datetime) -> None:
    client = signed_in()
    client.post(address("leave", day, day.own.id))
    assert day.seen(cast.EDITOR, now).participants == ()
    days.enters(day, day.own, now)
    assert len(day.seen(cast.EDITOR, now).participants) == 1
    assert records.conversation(cast.EDITOR, now).filter(state="withdrawn").count() == 1


def test_pages_ask_the_database_as_often_for_thirty_companies_as_for_three(day: Day, now: datetime) -> None:
    client = signed_in()
    with override("en"):
        index = reverse("missions:index")
    for number in range(3):
        days.comes(day, f"Osaka {number}", now)
    asks = {address("mission", day): 7, index: 3, address("wishes", day, day.own.id): 6}
    for where, count in asks.items():
        assert_asks(client, where, count)
    for number in range(27):
        days.comes(day, f"Kobe {number}", now)
    for where, count in asks.items():
        assert_asks(client, where, count)
