"""What may be done to a record, and what each viewer then sees."""

from datetime import datetime

import pytest

from kakehashi.errors import Conflict, InvalidInput, NotAllowed
from kakehashi.records import actions, queries
from kakehashi.records.lifecycle import State
from tests import cast

pytestmark = pytest.mark.django_db


def titles(viewer: object, now: datetime) -> list[str]:
    return [r.title["de"] for r in queries.published(viewer, now).exclude(kind="organisation")]


def test_a_public_record_is_seen_by_everyone(now: datetime) -> None:
    cast.offer(now)
    assert titles(cast.NOBODY, now) == ["Antikörper gegen solide Tumoren"]


def test_a_record_for_members_is_not_seen_by_readers(now: datetime) -> None:
    record = cast.offer(now, audience="members")
    assert titles(cast.READER, now) == []
    assert len(titles(cast.member(record.owner), now)) == 1


def test_an_expired_record_is_hidden_at_the_moment_it_expires(now: datetime) -> None:
    record = cast.offer(now)
    assert titles(cast.NOBODY, record.expires_at) == []


def test_a_draft_is_seen_by_its_organisation_and_the_team_only(now: datetime) -> None:
    owner = cast.organisation(now)
    actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner), now=now)
    assert queries.visible(cast.NOBODY, now).filter(kind="offer").count() == 0
    assert queries.visible(cast.member(owner.id), now).filter(kind="offer").count() == 1
    assert queries.visible(cast.EDITOR, now).filter(kind="offer").count() == 1


def test_a_member_may_not_publish_alone_nor_touch_another_organisation(now: datetime) -> None:
    record = cast.offer(now, audience="members")
    actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.ON_HOLD, now=now)
    with pytest.raises(NotAllowed):
        actions.move(viewer=cast.member(record.owner), record_id=record.id, to=State.PUBLISHED, now=now)
    stranger = cast.member(cast.organisation(now, name="Andere GmbH").id)
    with pytest.raises(NotAllowed):
        actions.revise(viewer=stranger, record_id=record.id, body={}, now=now)


def test_a_public_record_must_be_clear(now: datetime) -> None:
    record = cast.offer(now, audience="members")
    with pytest.raises(InvalidInput):
        actions.set_level(viewer=cast.EDITOR, record_id=record.id, audience="public", tlp="AMBER", now=now)


def test_a_revision_that_changes_nothing_is_not_written(now: datetime) -> None:
    owner = cast.organisation(now)
    record = actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner), now=now)
    again = actions.revise(viewer=cast.EDITOR, record_id=record.id, body=cast.offer_body(owner), now=now)
    assert again.revision == 1
    changed = cast.offer_body(owner, stage="concept")
    assert actions.revise(viewer=cast.EDITOR, record_id=record.id, body=changed, now=now).revision == 2


def test_an_archived_record_cannot_come_back(now: datetime) -> None:
    record = cast.offer(now)
    actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.WITHDRAWN, now=now)
    actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.ARCHIVED, now=now)
    with pytest.raises(Conflict):
        actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.PUBLISHED, now=now)


@pytest.mark.parametrize(
    ("onward", "tlp", "public", "member"),
    [
        ("none", "CLEAR", 0, 0),
        ("members", "GREEN", 0, 1),
        ("public", "CLEAR", 1, 1),
        ("public", "GREEN", 0, 1),
    ],
)
def test_a_received_record_is_seen_as_far_as_it_may_be_passed_on(
    now: datetime, onward: str, tlp: str, public: int, member: int
) -> None:
    cast.received(now, onward=onward, tlp=tlp)
    owner = cast.organisation(now)
    assert len(titles(cast.NOBODY, now)) == public
    assert len(titles(cast.READER, now)) == public
    assert len(titles(cast.member(owner.id), now)) == member
    assert len(titles(cast.EDITOR, now)) == 1


def test_a_received_record_is_gone_when_its_agreement_ends(now: datetime) -> None:
    cast.received(now)
    actions.close_passages(agreement="sha256-test", at=now, now=now)
    assert titles(cast.EDITOR, now) == []


def test_a_recalled_record_is_gone(now: datetime) -> None:
    record = cast.received(now)
    actions.recall(
        origin="osaka.example", record_id=record, channel="osaka.example/kx/0123456789abcdef/0", now=now
    )
    assert titles(cast.EDITOR, now) == []


def test_what_was_written_from_undated_sources_is_not_news(now: datetime) -> None:
    owner = cast.organisation(now)
    cast.offer(now, owner, title="Undatiert", provenance="public_sources")
    cast.offer(now, owner, title="Von 2025", provenance="public_sources", source_date="2025")
    cast.offer(now, owner, title="Heute eingestellt")
    newest = queries.newest(cast.NOBODY, now, side="munich", limit=5)
    assert [r.title["de"] for r in newest] == ["Heute eingestellt", "Von 2025", "Undatiert"]
