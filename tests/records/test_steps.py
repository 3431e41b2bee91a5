"""The life of own records as the actions take it, and projections that can be made anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kakehashi.audit.models import Entry
from kakehashi.errors import Conflict, InvalidInput, NotAllowed
from kakehashi.records import actions, naming, queries
from kakehashi.records.lifecycle import VALIDITY, State
from kakehashi.records.models import Facet, Reading, Record
from kakehashi.translation.texts import original
from tests import cast

pytestmark = pytest.mark.django_db
PHONE = {"de": original("Rufen Sie an: +49 89 1234567")}


def move(record: Record, to: State, now: datetime, **options: Any) -> Record:
    return actions.move(viewer=cast.EDITOR, record_id=record.id, to=to, now=now, **options)


def audited(action: str) -> dict[str, Any]:
    return dict(Entry.objects.filter(action=action).latest("pk").facts)


def test_contact_data_is_refused_at_publication_until_somebody_overrules(now: datetime) -> None:
    owner = cast.organisation(now)
    record = actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner, body=PHONE), now=now)
    with pytest.raises(InvalidInput) as refused:
        move(record, State.PUBLISHED, now)
    assert refused.value.problems == {"body": ["contact-phone"]}
    assert move(record, State.PUBLISHED, now, overrule=True).state == State.PUBLISHED
    assert audited("records.published") == {"overruled": ["body"]}


def test_contact_data_may_be_drafted_but_not_slipped_into_a_published_record(now: datetime) -> None:
    record = cast.offer(now)
    owner = Record.objects.get(pk=record.owner)
    body = cast.offer_body(owner, body=PHONE)
    with pytest.raises(InvalidInput):
        actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now)
    assert Record.objects.get(pk=record.id).revision == 1
    actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now, overrule=True)
    assert audited("records.revise") == {"revision": 2, "overruled": ["body"]}


def test_a_record_on_hold_keeps_its_term(now: datetime) -> None:
    record = cast.offer(now)
    later = now + timedelta(days=100)
    move(record, State.ON_HOLD, later)
    assert move(record, State.PUBLISHED, later).expires_at == now + VALIDITY
    move(record, State.WITHDRAWN, later)
    assert move(record, State.PUBLISHED, later).expires_at == later + VALIDITY


def test_there_is_one_extension(now: datetime) -> None:
    record = cast.offer(now)
    assert actions.extend(viewer=cast.EDITOR, record_id=record.id, now=now).expires_at == now + 2 * VALIDITY
    with pytest.raises(Conflict):
        actions.extend(viewer=cast.EDITOR, record_id=record.id, now=now)


def test_the_worker_expires_and_two_years_later_archives(now: datetime) -> None:
    record = cast.offer(now)
    end = now + VALIDITY
    assert actions.expire_due(now=end - timedelta(seconds=1)) == 0
    assert actions.expire_due(now=end) == 1
    assert actions.archive_due(now=end + timedelta(days=729)) == 0
    assert actions.archive_due(now=end + timedelta(days=730)) == 1
    assert Record.objects.get(pk=record.id).state == State.ARCHIVED
    assert Reading.objects.get(record=record.id).state == State.ARCHIVED


def test_a_job_with_nothing_due_writes_nothing(now: datetime, django_assert_num_queries: Any) -> None:
    cast.offer(now)
    before = Entry.objects.count()
    assert (actions.expire_due(now=now), actions.archive_due(now=now)) == (0, 0)
    assert Entry.objects.count() == before


def test_notices_are_due_in_the_last_two_weeks_for_those_who_may_edit(now: datetime) -> None:
    record = cast.offer(now)
    soon = now + VALIDITY - timedelta(days=14)
    found = [row.record for row in queries.expiring(cast.EDITOR, soon)]
    assert found == [record.id]
    assert [row.record for row in queries.expiring(cast.member(record.owner), soon)] == [record.id]
    assert not queries.expiring(cast.EDITOR, soon - timedelta(seconds=1)).exists()
    assert not queries.expiring(cast.member(cast.organisation(now).id), soon).exists()
    assert not queries.expiring(cast.READER, soon).exists()


def test_a_member_narrows_a_published_record_but_does_not_widen_it(now: datetime) -> None:
    record = cast.offer(now, audience="agreements")
    who = cast.member(record.owner)
    actions.set_level(viewer=who, record_id=record.id, audience="members", now=now)
    with pytest.raises(NotAllowed):
        actions.set_level(viewer=who, record_id=record.id, audience="public", now=now)


@pytest.mark.parametrize(
    "level", [{"audience": "x"}, {"audience": "public", "tlp": "x"}, {"audience": "public", "onward": "x"}]
)
def test_an_unknown_level_is_refused(level: dict[str, str], now: datetime) -> None:
    with pytest.raises(InvalidInput):
        actions.set_level(viewer=cast.EDITOR, record_id=cast.offer(now).id, now=now, **level)


def level(audience: str = "public", **changes: Any) -> dict[str, Any]:
    return {"audience": audience, "tlp": "CLEAR", "onward": "none", "named": [], **changes}


def save(record: Record | None, base: int, body: dict[str, Any], now: datetime, **options: Any) -> Record:
    options = {"level": level(), **options}
    return actions.save(
        viewer=cast.EDITOR, record_id=record.id if record else None, base=base, body=body, now=now, **options
    )


def test_saving_writes_text_level_and_state_or_nothing(now: datetime) -> None:
    owner = cast.organisation(now)
    body = cast.offer_body(owner)
    with pytest.raises(InvalidInput):
        save(None, 0, body, now, level=level(tlp="RED"), to=State.PUBLISHED)
    assert not Record.objects.filter(kind="offer").exists()
    record = save(None, 0, body, now, to=State.PUBLISHED)
    assert (record.state, record.audience, record.revision) == ("published", "public", 1)


def test_who_opened_the_form_earlier_overwrites_nothing_unseen(now: datetime) -> None:
    record = cast.offer(now)
    body = cast.offer_body(Record.objects.get(pk=record.owner), stage="concept")
    save(record, 1, body, now)
    with pytest.raises(Conflict):
        save(record, 1, {**body, "stage": "on_the_market"}, now)
    assert Record.objects.get(pk=record.id).revision == 2


def test_an_organisation_that_moves_takes_its_records_along(now: datetime) -> None:
    record = cast.offer(now)
    body = cast.organisation_body(region="JP-27")
    actions.revise(viewer=cast.EDITOR, record_id=record.owner, body=body, now=now)
    facets = Facet.objects.filter(reading__record=record.id, facet="region")
    assert [facet.value for facet in facets] == ["JP-27"]


def rows() -> list[dict[str, Any]]:
    hidden = ("id",)
    made = []
    for reading in Reading.objects.order_by("origin", "record"):
        facts = {f.name: getattr(reading, f.name) for f in reading._meta.fields if f.name not in hidden}
        made.append({**facts, "facets": sorted(reading.facets.values_list("facet", "value"))})
    return made


def test_projections_made_anew_are_the_same_rows(now: datetime) -> None:
    cast.offer(now)
    cast.offer(now, audience="members", title="Zweites")
    held = cast.offer(now, title="Drittes")
    move(held, State.ON_HOLD, now)
    before = rows()
    later = now + timedelta(days=1)
    assert actions.rebuild(now=later) == len(before)
    assert rows() == before
    Reading.objects.all().delete()
    actions.rebuild(now=later)
    assert rows() == before


def test_a_side_without_a_partner_is_called_by_its_slug_and_the_own_one_by_name() -> None:
    assert naming.side("munich").place["de"] == "München"
    assert naming.side("munich").here
    assert naming.side("osaka").called("ja") == "Osaka"
    assert [side.key for side in naming.sides_with({"osaka", "munich"})] == ["munich", "osaka"]
