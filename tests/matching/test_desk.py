"""What people do with matches: shortlist, dismiss with a reason, take it back, pass on to a colleague."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts import actions as accounts
from kakehashi.accounts.queries import kept_about, viewer_of
from kakehashi.accounts.viewer import PUBLIC
from kakehashi.audit.models import Entry
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.matching import actions, queries
from kakehashi.matching.models import Decision, Match, Passed
from kakehashi.matching.queries import Chosen
from kakehashi.records.models import Reading
from tests import cast
from tests.matching.test_pages import page
from tests.pinned import asked, told

pytestmark = pytest.mark.django_db


def made(now: datetime, **received: str) -> Match:
    """A match as the worker writes it, between a public offer here and a request of the partner."""
    own = Reading.objects.get(record=cast.offer(now).id)
    other = Reading.objects.get(record=cast.received(now, **received))
    said = [
        {"name": "text", "value": 0.5, "because": []},
        {"name": "words", "value": 0.01, "because": ["ADC"]},
    ]
    return Match.objects.create(
        own=own, other=other, score=0.51, components=said, conditions=[], encoder="e", basis="b",
        computed_at=now,
    )  # fmt: skip


def lists(viewer: cast.Viewer, now: datetime) -> dict[str, int]:
    every = ("", "open", "shortlisted", "passed", "dismissed")
    return {name: queries.matches(viewer, now, Chosen(list=name)).count() for name in every}


def test_a_dismissed_match_leaves_the_open_ones_and_comes_back(now: datetime) -> None:
    match = made(now)
    actions.decide(viewer=cast.EDITOR, match=match, says="dismissed", reason="off_strategy", now=now)
    assert lists(cast.EDITOR, now) == {"": 1, "open": 0, "shortlisted": 0, "passed": 0, "dismissed": 1}
    assert queries.matches_of(cast.EDITOR, match.own, 3, now) == []
    assert queries.match(cast.EDITOR, match.pk, now) == match
    actions.decide(viewer=cast.EDITOR, match=match, says="", now=now)
    assert lists(cast.EDITOR, now) == {"": 1, "open": 1, "shortlisted": 0, "passed": 0, "dismissed": 0}


def test_a_decision_holds_at_its_desk_and_nowhere_else(now: datetime) -> None:
    match = made(now)
    member = cast.member(match.own.owner)
    actions.decide(viewer=member, match=match, says="shortlisted", now=now)
    assert lists(member, now)["shortlisted"] == 1
    for other in (cast.EDITOR, cast.member(UUID(int=5)), cast.READER, PUBLIC):
        assert queries.decided(other, [match]) == {}
    assert lists(cast.EDITOR, now)["shortlisted"] == 0
    assert queries.decided(cast.member(match.own.owner), [match])[match.pk].who == member.actor


def test_a_decision_outlasts_the_computation_of_matches(now: datetime) -> None:
    match = made(now)
    actions.decide(viewer=cast.EDITOR, match=match, says="shortlisted", now=now)
    fields = {f.name: getattr(match, f.name) for f in Match._meta.fields if f.name != "id"}
    match.delete()
    again = Match.objects.create(**fields)
    assert queries.decided(cast.EDITOR, [again])[again.pk].says == "shortlisted"


def test_each_decision_is_kept_with_the_score_that_was_seen_but_not_with_the_records_words(
    now: datetime,
) -> None:
    match = made(now)
    actions.decide(viewer=cast.EDITOR, match=match, says="shortlisted", now=now)
    actions.decide(viewer=cast.MANAGER, match=match, says="dismissed", reason="ip", now=now)
    first, second = Decision.objects.order_by("pk")
    assert (first.standing, second.standing) == (False, True)
    assert (second.desk, second.by, second.score, second.reason) == ("", cast.MANAGER.actor, 0.51, "ip")
    assert [row["value"] for row in second.components] == [0.5, 0.01]
    assert "ADC" not in str(second.components)
    assert [e.facts["says"] for e in Entry.objects.filter(action="matching.decide").order_by("pk")] == [
        "shortlisted",
        "dismissed",
    ]


@pytest.mark.parametrize(
    ("says", "reason"), [("dismissed", ""), ("dismissed", "boring"), ("shortlisted", "ip"), ("loved", "")]
)
def test_a_dismissal_has_one_of_the_reasons_and_nothing_else_has_one(
    says: str, reason: str, now: datetime
) -> None:
    match = made(now)
    with pytest.raises(InvalidInput):
        actions.decide(viewer=cast.EDITOR, match=match, says=says, reason=reason, now=now)
    assert Decision.objects.count() == 0


def test_who_has_no_desk_decides_nothing(now: datetime) -> None:
    match = made(now)
    for viewer in (PUBLIC, cast.READER):
        with pytest.raises(NotAllowed):
            actions.decide(viewer=viewer, match=match, says="shortlisted", now=now)
        with pytest.raises(NotAllowed):
            actions.pass_on(viewer=viewer, match=match, person_id=1, words="", now=now)


def test_a_match_is_passed_to_colleagues_who_may_see_it_and_to_nobody_else(now: datetime) -> None:
    match = made(now, onward="members", tlp="GREEN")
    owner = match.own.owner
    here = [cast.user(cast.Role.EDITOR), cast.user(cast.Role.MEMBER, owner)]
    others = [cast.user(cast.Role.READER), cast.user(cast.Role.MEMBER, UUID(int=5), email="b@munich.example")]
    assert set(queries.recipients(cast.MANAGER, match, now)) == set(here)
    assert queries.recipients(viewer_of(here[1]), match, now) == here[:1]
    Reading.objects.get(pk=match.other_id).passages.update(onward="none")
    assert queries.recipients(cast.MANAGER, match, now) == here[:1]
    for person in (*others, here[1]):
        with pytest.raises(InvalidInput):
            actions.pass_on(viewer=cast.MANAGER, match=match, person_id=person.pk, words="", now=now)
    assert Passed.objects.count() == 0


def test_a_colleague_finds_what_was_passed_with_its_note(client: Client) -> None:
    now = clock.now()
    match = made(now)
    cast.user(cast.Role.EDITOR, name="Erika Muster")
    colleague = cast.user(cast.Role.MEMBER, match.own.owner)
    client.login(email="editor@munich.example", password="bridge-2026")
    sent = {"to": str(colleague.pk), "note": "Das ist <etwas> für Sie."}
    assert client.post(f"/de/matches/{match.pk}/pass/", sent).status_code == 302
    client.force_login(colleague)
    shown = page(client, "/de/matches/?list=passed")
    assert "Von Erika Muster" in shown
    assert "Das ist &lt;etwas&gt; für Sie." in shown
    assert "Das ist &lt;etwas&gt; für Sie." in page(client, f"/de/matches/{match.pk}/")
    assert "Erika Muster" not in page(client, "/de/matches/?list=shortlisted")


def test_pages_shortlist_dismiss_and_take_back(client: Client) -> None:
    match = made(clock.now())
    client.force_login(cast.user(cast.Role.EDITOR, name="Erika Muster"))
    address = f"/en/matches/{match.pk}/"
    back = client.post(f"{address}decide/", {"says": "shortlisted", "back": "/en/matches/?list=open#m1"})
    assert back.headers["Location"] == "/en/matches/?list=open#m1"
    assert "Shortlisted by Erika Muster" in page(client, "/en/matches/?list=shortlisted")
    assert "1 match" in page(client, "/en/matches/")
    assert client.post(f"{address}decide/", {"says": "dismissed"}).status_code == 302
    assert "Please choose a reason." in page(client, address)
    client.post(f"{address}decide/", {"says": "dismissed", "reason": "too_early"})
    assert "Dismissed by Erika Muster" in page(client, address)
    assert "0 matches" in page(client, "/en/matches/")
    client.post(f"{address}decide/", {"says": ""})
    assert "1 match" in page(client, "/en/matches/")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_decision_leads_back_to_this_node_only(client: Client, back: str) -> None:
    match = made(clock.now())
    client.force_login(cast.user(cast.Role.EDITOR))
    answer = client.post(f"/en/matches/{match.pk}/decide/", {"says": "shortlisted", "back": back})
    assert answer.headers["Location"] == f"/en/matches/{match.pk}/#decide"


def test_a_list_asks_no_more_for_many_decisions_than_for_one(client: Client) -> None:
    now = clock.now()
    client.force_login(cast.user(cast.Role.EDITOR))
    numbers = []
    for _ in range(2):
        for _ in range(3):
            actions.decide(viewer=cast.EDITOR, match=made(now), says="shortlisted", now=now)
        numbers.append(len(asked(client, "/de/matches/?list=shortlisted")))
    assert numbers[0] == numbers[1], told(asked(client, "/de/matches/?list=shortlisted"))


def test_who_leaves_leaves_no_name_and_no_note(now: datetime) -> None:
    match = made(now)
    editor, colleague = cast.user(cast.Role.EDITOR), cast.user(cast.Role.MANAGER)
    cast.user(cast.Role.MANAGER, email="second@munich.example")
    actions.decide(viewer=viewer_of(editor), match=match, says="shortlisted", now=now)
    actions.pass_on(viewer=viewer_of(editor), match=match, person_id=colleague.pk, words="Bitte", now=now)
    assert len(kept_about(editor)["matches"]) == 2
    accounts.leave(person=editor, now=now + timedelta(days=1))
    assert editor.email not in str([*Decision.objects.values(), *Passed.objects.values()])
    assert Passed.objects.get().note == ""
    accounts.leave(person=colleague, now=now + timedelta(days=1))
    assert Passed.objects.count() == 0
