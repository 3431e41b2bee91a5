"""Matches are found across the bridge, kept with their reasons, and shown only with both records."""

from datetime import datetime, timedelta

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.errors import NotFound
from kakehashi.matching import actions, queries
from kakehashi.matching.models import Alignment, Match
from kakehashi.matching.queries import Chosen
from kakehashi.records import actions as records
from kakehashi.records.models import Reading, Record
from kakehashi.translation.texts import original
from tests import cast

pytestmark = pytest.mark.django_db


def bridge(now: datetime, **changes: object) -> tuple[Record, Reading]:
    """An offer here and a request there that fit, encoded and matched."""
    mine = cast.offer(now, **changes)  # type: ignore[arg-type]
    theirs = cast.received(now)
    actions.encode_due(now=now)
    actions.match_due(now=now)
    return mine, Reading.objects.get(record=theirs)


def test_an_offer_and_a_request_that_fit_are_a_match_with_all_its_reasons(now: datetime) -> None:
    mine, theirs = bridge(now)
    match = queries.best_pairs(PUBLIC, 3, now)[0]
    assert (match.own.record, match.other) == (mine.id, theirs)
    assert match.score == pytest.approx(sum(row["value"] for row in match.components))
    assert {row["name"]: row["mark"] for row in match.conditions}["partnership"] == "met"
    concepts = next(row["because"] for row in match.components if row["name"] == "concepts")
    assert "solid-tumor" in concepts


def test_a_second_run_finds_nothing_to_do_and_changes_nothing(now: datetime) -> None:
    bridge(now)
    before = list(Match.objects.values())
    assert actions.encode_due(now=now) == actions.match_due(now=now) == 0
    assert list(Match.objects.values()) == before


def test_a_changed_record_is_matched_again_under_the_same_address(now: datetime) -> None:
    mine, _ = bridge(now)
    before = Match.objects.get()
    later = now + timedelta(hours=1)
    body = {**mine.revisions.latest("number").body, "partnership": ["investment"]}
    records.revise(viewer=cast.EDITOR, record_id=mine.id, body=body, now=later)
    actions.encode_due(now=later)
    actions.match_due(now=later)
    after = Match.objects.get()
    assert after.pk == before.pk
    assert after.score < before.score
    assert {row["name"]: row["mark"] for row in after.conditions}["partnership"] == "missed"


def test_a_record_closed_for_interest_is_no_partner(now: datetime) -> None:
    bridge(now, open_for_interest=False)
    assert Match.objects.count() == 0


def test_records_of_one_side_are_no_match(now: datetime) -> None:
    owner = cast.organisation(now)
    cast.offer(now, owner)
    cast.offer(now, owner, kind="request", een_type="TR")
    actions.encode_due(now=now)
    actions.match_due(now=now)
    assert Match.objects.count() == 0


def test_a_match_is_seen_only_by_who_may_see_both_records(now: datetime) -> None:
    mine, _ = bridge(now, audience="members")
    match = Match.objects.get()
    member = cast.member(mine.owner)
    for viewer, seen in ((PUBLIC, 0), (cast.READER, 0), (member, 1), (cast.EDITOR, 1)):
        assert queries.count_pairs(viewer, now) == seen
        assert len(queries.best_pairs(viewer, 5, now)) == seen
    assert queries.match(cast.EDITOR, match.pk, now) == match
    with pytest.raises(NotFound):
        queries.match(PUBLIC, match.pk, now)


def test_my_matches_are_those_of_my_organisation(now: datetime) -> None:
    mine, _ = bridge(now)
    other = cast.organisation(now, name="Würm Therapeutics AG")
    assert queries.matches(cast.member(mine.owner), now, Chosen(mine=True)).count() == 1
    assert queries.matches(cast.member(other.id), now, Chosen(mine=True)).count() == 0
    assert queries.matches(PUBLIC, now, Chosen(mine=True)).count() == 0


def test_matches_are_limited_by_kind_and_topic(now: datetime) -> None:
    bridge(now)
    assert queries.matches(PUBLIC, now, Chosen(kind="offer", topic="oncology")).count() == 1
    assert queries.matches(PUBLIC, now, Chosen(kind="practice")).count() == 0
    assert queries.matches(PUBLIC, now, Chosen(topic="vaccines")).count() == 0


def test_the_match_goes_with_either_record(now: datetime) -> None:
    _, theirs = bridge(now)
    channel = theirs.passages.get().channel
    records.recall(origin=theirs.origin, record_id=theirs.record, channel=channel, now=now)
    assert Match.objects.count() == 0


def test_aligned_phrases_are_kept_until_a_text_changes(now: datetime) -> None:
    mine, _ = bridge(now)
    match = Match.objects.get()
    first = actions.align_match(match=match, now=now)
    assert any(link["concept"] == "solid-tumor" for link in first.content["links"])
    again = actions.align_match(match=match, now=now + timedelta(days=1))
    assert again.computed_at == now
    body = mine.revisions.latest("number").body | {
        "title": {"de": original("Antikörper gegen solide Krebse")}
    }
    later = now + timedelta(days=2)
    records.revise(viewer=cast.EDITOR, record_id=mine.id, body=body, now=later)
    actions.encode_due(now=later)
    actions.match_due(now=later)
    assert actions.align_match(match=Match.objects.get(), now=later).computed_at == later
    assert Alignment.objects.count() == 1


def test_marks_stand_in_the_shown_texts_and_bear_the_number_of_their_link(now: datetime) -> None:
    bridge(now)
    content = actions.align_match(match=Match.objects.get(), now=now).content
    numbers = {link["number"]: link for link in content["links"]}
    assert numbers
    for side in ("one", "other"):
        marks = [(block["text"][a:b], n) for block in content[side] for a, b, n in block["marks"]]
        assert sorted(n for _, n in marks) == sorted(numbers)
        assert all(text == numbers[n][side] for text, n in marks)


def test_related_records_may_be_of_any_kind_and_are_visible_ones(now: datetime) -> None:
    owner = cast.organisation(now)
    first = cast.offer(now, owner)
    second = cast.offer(now, owner, title="Antikörper gegen Darmtumoren")
    hidden = cast.offer(now, owner, title="Antikörper gegen Lungentumoren", audience="private")
    actions.encode_due(now=now)
    reading = Reading.objects.get(record=first.id)
    assert [row.record for row, _ in queries.related(PUBLIC, reading, 5, now)] == [second.id]
    assert {row.record for row, _ in queries.related(cast.EDITOR, reading, 5, now)} == {second.id, hidden.id}


def test_an_organisation_that_changes_its_type_is_judged_anew(now: datetime) -> None:
    mine, theirs = bridge(now)
    body = {**theirs.body, "partner_types": ["university"], "revision": 2}
    crossing = records.Crossing("c", "sha256-test", "c1", 1, "public", "CLEAR", now.replace(year=2029))
    facts = {
        "person": None,
        "regions": ["JP-27"],
        "issued": now,
        "expires": None,
        "crossing": crossing,
        "now": now,
    }
    later = {**facts, "now": now + timedelta(hours=1)}
    records.receive(origin=theirs.origin, side="osaka", record_id=theirs.record, body=body, **later)

    def mark() -> str:
        actions.encode_due(now=now)
        actions.match_due(now=now)
        return {row["name"]: row["mark"] for row in Match.objects.get().conditions}["partner_for_other"]

    assert mark() == "missed"
    organisation = Record.objects.get(pk=mine.owner)
    changed = {**organisation.revisions.latest("number").body, "type": "university"}
    records.revise(viewer=cast.EDITOR, record_id=mine.owner, body=changed, now=now + timedelta(hours=2))
    assert mark() == "met"


def test_the_report_says_why(now: datetime) -> None:
    bridge(now)
    best = actions.best_in_words(viewer=PUBLIC, limit=3, lang="en", now=now)
    assert len(best) == 1
    assert "solid tumor" in best[0]["why"]
    assert Alignment.objects.count() == 1


def test_what_is_asked_for_goes_before_like_and_like_and_what_is_current_before_what_is_not(
    now: datetime,
) -> None:
    keys = iter(range(1, 100))

    def pair(kinds: tuple[str, str], score: float, **changes: object) -> Match:
        readings = [Reading.objects.get(record=cast.received(now)) for _ in kinds]
        for reading, kind, own in zip(readings, kinds, (True, False), strict=True):
            Reading.objects.filter(pk=reading.pk).update(
                kind=kind, own=own, audience="public" if own else "", **changes
            )
        return Match.objects.create(
            pk=next(keys), own=readings[0], other=readings[1], score=score, components=[], conditions=[],
            encoder="test", basis="test", computed_at=now,
        )  # fmt: skip

    invented = pair(("offer", "request"), 0.90, provenance="invented")
    old = pair(("offer", "request"), 0.80, historical=True)
    alike = pair(("practice", "practice"), 0.70)
    far = pair(("request", "offer"), 0.44)
    asked = pair(("academic", "request"), 0.46)
    best = [asked, alike, far, old, invented]
    assert queries.best_pairs(PUBLIC, 9, now) == best
    assert queries.best_pairs(PUBLIC, 2, now) == best[:2]
    assert list(queries.matches(PUBLIC, now)) == [invented, alike, asked, far, old]
