"""What nodes say to each other of matching: counts of what is not shown, and changes of the glossary."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kakehashi import clock
from kakehashi.agreements.document import Permission
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.matching import actions, counting, queries
from kakehashi.matching.concepts import plain
from kakehashi.matching.models import TermAnswer
from kakehashi.matching.proposals import concept_of
from kakehashi.matching.queries.glossary import glossary
from kakehashi.records.kinds import CONVERSATION, FIELDS
from kakehashi.records.models import Passage, Reading
from kakehashi.translation.texts import original
from tests import cast
from tests.agreements import parties, partnership
from tests.matching.test_curating import NEW, work
from tests.matching.test_pages import page

LATER = counting.REST + timedelta(minutes=1)


def agreed(now: datetime, *kinds: str) -> str:
    """The lineage of an agreement that lets these kinds of the conversation cross, both ways."""
    allowed = (*FIELDS, *kinds)
    permissions = [Permission(node, regions=("*",), kinds=allowed) for node in (cast.HERE, "osaka.example")]
    term = {"starts": now - timedelta(days=30), "until": now + timedelta(days=1000)}
    return partnership.active(now, parties.bilateral(permissions=permissions, **term)).lineage


def asked(now: datetime, lineage: str, **offers: int) -> UUID:
    """A request of the partner's, and offers of ours that fit it: so many of each audience."""
    about = cast.received(now, agreement=lineage)
    for audience, many in offers.items():
        for _ in range(many):
            cast.offer(now, audience=audience)
    work(now)
    return about


def tallies() -> list[dict[str, Any]]:
    return [row.body for row in Reading.every.filter(own=True, kind="tally")]


@pytest.mark.django_db
def test_partners_hear_how_many_confidential_records_fit_and_nothing_else_of_them(now: datetime) -> None:
    lineage = agreed(now, *CONVERSATION)
    about = asked(now, lineage, members=4, private=1, public=1)
    (said,) = tallies()
    assert said["about"] == {"origin": "osaka.example", "id": str(about)}
    assert said["at_least"] == 3
    assert set(said) == {"kind", "revision", "lang", "about", "at_least", "at", "topics"}
    assert actions.say_counts(now=now) == 0


@pytest.mark.django_db
def test_nothing_is_counted_where_the_agreement_does_not_say_so(now: datetime) -> None:
    lineage = agreed(now, *(kind for kind in CONVERSATION if kind != "tally"))
    asked(now, lineage, members=4)
    assert tallies() == []


@pytest.mark.django_db
def test_few_records_or_those_of_one_organisation_are_not_said_to_be_there(now: datetime) -> None:
    lineage = agreed(now, *CONVERSATION)
    asked(now, lineage, members=2, private=3)
    assert tallies() == []
    assert counting.at_least(["one"] * 9) == 0


@pytest.mark.django_db
def test_who_asks_again_hears_nothing_new_for_a_week(now: datetime) -> None:
    lineage = agreed(now, *CONVERSATION)
    asked(now, lineage, members=3)
    cast.offer(now, audience="members")
    cast.offer(now, audience="members")
    work(now)
    assert actions.say_counts(now=now + timedelta(days=6)) == 0
    assert actions.say_counts(now=now + LATER) == 1
    assert [body["at_least"] for body in tallies()] == [5]


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 5))
def test_one_record_more_or_less_shows_at_most_one_step(owners: list[int], more: int) -> None:
    steps = (0, *counting.STEPS)
    before, after = counting.at_least(owners), counting.at_least([*owners, more])
    assert before in steps
    assert before <= len(owners)
    assert steps.index(after) - steps.index(before) in (0, 1) or before == 0


@pytest.mark.django_db
def test_the_owner_and_the_team_read_the_partners_count_on_the_records_page(client: Client) -> None:
    now = clock.now()
    lineage = agreed(now, *CONVERSATION)
    mine = cast.offer(now)
    about = {"origin": cast.HERE, "id": str(mine.id)}
    said = {"about": about, "at_least": 5, "at": "2026-11-20T09:00:00Z"}
    without = dict.fromkeys(("organisation", "een_type", "title", "summary", "partnership"))
    cast.received(now, agreement=lineage, kind="tally", onward="members", tlp="AMBER", **said, **without)
    reading = Reading.objects.get(record=mine.id)
    assert [(one.side, one.at_least) for one in queries.hidden(cast.EDITOR, reading, now)] == [("osaka", 5)]
    assert queries.hidden(cast.member(mine.owner), reading, now)
    assert queries.hidden(cast.member(uuid4()), reading, now) == []
    assert queries.hidden(cast.NOBODY, reading, now) == []
    client.force_login(cast.user(cast.Role.EDITOR))
    assert "Mindestens" in page(client, f"/de/matches/of/{cast.HERE}/{mine.id}/")


@pytest.mark.django_db
def test_a_change_of_the_glossary_goes_to_the_partners_that_agreed_to_it(now: datetime) -> None:
    lineage = agreed(now, "term")
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    sent = Reading.every.get(own=True, kind="term")
    assert plain(concept_of(sent.body) or NEW) == plain(NEW)
    actions.retire_term(viewer=cast.EDITOR, key=NEW.id, why="Irrtum", now=now)
    sent.refresh_from_db()
    assert (sent.body["retired"], sent.body["why"], sent.revision) == (True, "Irrtum", 2)
    assert lineage


@pytest.mark.django_db
def test_without_such_an_agreement_a_change_stays_here(now: datetime) -> None:
    agreed(now, "comment")
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    assert not Reading.every.filter(kind="term").exists()


@pytest.mark.django_db
def test_a_partners_change_waits_for_a_curator(now: datetime) -> None:
    record = cast.term(now)
    assert NEW.id not in glossary().concepts
    (found,) = queries.proposals(cast.EDITOR, now)
    with pytest.raises(NotAllowed):
        queries.proposals(cast.member(uuid4()), now)
    better = replace(NEW, reading="りぼそーむ")
    actions.answer_proposal(viewer=cast.EDITOR, proposal=found, take=better, now=now)
    assert glossary().concepts[NEW.id].reading == "りぼそーむ"
    assert queries.proposals(cast.EDITOR, now) == []
    with pytest.raises(NotFound):
        queries.proposal(cast.EDITOR, "osaka.example", record, now)


@pytest.mark.django_db
def test_what_was_declined_comes_back_only_with_a_new_wording(now: datetime) -> None:
    record = cast.term(now)
    (found,) = queries.proposals(cast.EDITOR, now)
    actions.answer_proposal(viewer=cast.EDITOR, proposal=found, take=None, now=now)
    assert queries.proposals(cast.EDITOR, now) == []
    assert NEW.id not in glossary().concepts
    assert not TermAnswer.objects.get().taken
    Reading.every.filter(record=record).update(revision=2)
    assert len(queries.proposals(cast.EDITOR, now)) == 1


@pytest.mark.django_db
def test_the_end_of_the_agreement_ends_proposals(now: datetime) -> None:
    cast.term(now)
    Passage.objects.update(closed_at=now)
    assert queries.proposals(cast.EDITOR, now) == []


@pytest.mark.django_db
def test_a_curator_sees_what_a_proposal_would_alter_and_takes_it_over(client: Client) -> None:
    now = clock.now()
    record = cast.term(now)
    client.force_login(cast.user(cast.Role.EDITOR))
    address = f"/de/glossary/proposals/osaka.example/{record}/"
    assert address in page(client, "/de/glossary/")
    shown = page(client, address)
    assert "Was sich dadurch ändern würde" in shown
    assert NEW.names["ja"] in shown
    form = {
        "topic": NEW.topic, **NEW.names, "reading": "", "de_others": "", "ja_others": "", "en_others": "",
        "context": "", "why": "aus Osaka",
    }  # fmt: skip
    assert client.post(address, {**form, "step": "save"}).status_code == 302
    assert NEW.id in glossary().concepts


@pytest.mark.django_db
def test_the_lists_say_why_at_a_glance_in_both_languages(client: Client, now: datetime) -> None:
    cast.offer(now, title="Antikörper-Wirkstoff-Konjugate gegen solide Tumoren")
    cast.received(now, title={"ja": original("固形がんに対する抗体薬物複合体の導入を希望")})
    work(now)
    shown = page(client, "/en/matches/")
    for name in ("Antikörper-Wirkstoff-Konjugat", "抗体薬物複合体", "antibody-drug conjugate"):
        assert name in shown
    assert "Type of partnership" in shown
