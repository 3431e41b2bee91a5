"""What search holds in memory lets through exactly what the tables would."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db.models import Exists, OuterRef, QuerySet

from kakehashi.accounts.viewer import PUBLIC, Role, Viewer
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.matching.shelf import Filters
from kakehashi.records import actions as records
from kakehashi.records import queries
from kakehashi.records.audience import Audience, Onward
from kakehashi.records.models import Facet, Passage, Reading
from tests import cast

pytestmark = pytest.mark.django_db
OWNERS = [uuid4() for _ in range(3)]
VIEWERS = [PUBLIC, cast.READER, cast.EDITOR, *(Viewer(Role.MEMBER, owner, "m") for owner in (*OWNERS, None))]
CHOICES = {
    "kind": ("", "offer", "request", "organisation", "nonsense"),
    "side": ("", "munich", "osaka"),
    "lang": ("", "de", "ja"),
    "topic": ("", "oncology", "vaccines"),
    "region": ("", "JP-27"),
    "organisation": ("", str(OWNERS[0]), OWNERS[0].hex),
    "clause": ("", "c1", "c2"),
}


def filtered(viewer: Viewer, filters: Filters, now: datetime) -> QuerySet[Reading]:
    """The same asked of the tables."""
    rows = queries.published(viewer, now)
    for column in ("kind", "side", "lang"):
        if value := getattr(filters, column):
            rows = rows.filter(**{column: value})
    for facet in ("topic", "region", "organisation"):
        if value := getattr(filters, facet):
            value = str(UUID(value)) if facet == "organisation" else value
            rows = rows.filter(Exists(Facet.objects.filter(reading=OuterRef("pk"), facet=facet, value=value)))
    if filters.clause:
        ways = Passage.objects.filter(clause=filters.clause, closed_at__isnull=True, open_until__gt=now)
        rows = rows.filter(Exists(ways.filter(reading=OuterRef("pk"))))
        rows = rows if filters.kind == "organisation" else rows.exclude(kind="organisation")
    return rows


def reading(random: Random, now: datetime) -> Reading:
    """Any published or unpublished reading, its levels and passages drawn."""
    own = random.random() < 0.5
    made = Reading.objects.create(
        origin="a.example", record=uuid4(), own=own, side=random.choice(("munich", "osaka")),
        kind=random.choice(("offer", "request", "organisation")), lang=random.choice(("de", "ja")),
        state=random.choice(("published", "published", "published", "archived")),
        audience=random.choice(list(Audience)) if own else "", tlp="CLEAR", onward="public",
        owner=random.choice((*OWNERS, None)), body={}, revision=1, provenance="posted", changed_at=now,
        sort_date=random.choice(("", "2014", "2025-03-01")), historical=random.random() < 0.2,
        expires_at=random.choice((None, now - timedelta(days=1), now, now + timedelta(microseconds=1))),
    )  # fmt: skip
    for facet, value in (("topic", "oncology"), ("topic", "vaccines"), ("region", "JP-27")):
        if random.random() < 0.5:
            Facet.objects.create(reading=made, facet=facet, value=value)
    if random.random() < 0.5:
        Facet.objects.create(reading=made, facet="organisation", value=str(random.choice(OWNERS)))
    for channel in range(random.randrange(3)):
        Passage.objects.create(
            reading=made, channel=f"c{channel}", agreement="a", clause=random.choice(("c1", "c2")),
            received=not own, index=1, onward=random.choice(list(Onward)), crossed_at=now,
            tlp=random.choice(("CLEAR", "GREEN")), open_until=now + timedelta(days=random.choice((-1, 0, 1))),
            closed_at=random.choice((None, None, now)),
        )  # fmt: skip
    return made


@pytest.mark.parametrize("seed", range(3))
def test_memory_lets_through_exactly_what_the_tables_would(seed: int, now: datetime) -> None:
    random = Random(seed)
    for _ in range(60):
        reading(random, now)
    for moment in (now, now + timedelta(days=1), now):
        for _ in range(40):
            viewer, chosen = random.choice(VIEWERS), {name: random.choice(of) for name, of in CHOICES.items()}
            if random.random() < 0.7:  # few filters, or hardly anything is ever left
                chosen = {random.choice(list(chosen)): "", **dict(random.sample(list(chosen.items()), 2))}
            filters = Filters(**chosen)
            with SHELVES.shelf() as shelf:
                mask = shelf.mask(viewer, filters, moment)
                assert set(np.flatnonzero(mask)) == {row.pk for row in filtered(viewer, filters, moment)}
                rows = filtered(viewer, filters, moment).order_by("historical", "-sort_date", "pk")
                assert shelf.newest(mask).tolist() == [row.pk for row in rows]


def plain(row: Reading) -> dict[str, object]:
    """All columns of a row that was read."""
    return {field.attname: vars(row)[field.attname] for field in Reading._meta.concrete_fields}


@pytest.mark.parametrize("seed", range(3))
def test_a_page_by_its_keys_holds_what_the_viewer_may_see_then(seed: int, now: datetime) -> None:
    random = Random(seed)
    keys = [reading(random, now).pk for _ in range(30)]
    for moment in (now, now + timedelta(days=1), now):
        for viewer in VIEWERS:
            asked = random.sample(keys, random.choice((1, 20, 30)))
            seen = {row.pk: row for row in queries.published(viewer, moment).filter(pk__in=asked)}
            page = queries.published_by_key(viewer, asked, moment)
            assert {key: plain(row) for key, row in page.items()} == {
                k: plain(row) for k, row in seen.items()
            }


def test_memory_follows_each_change(now: datetime) -> None:
    def seen(viewer: Viewer, moment: datetime = now) -> set[int]:
        with SHELVES.shelf() as shelf:
            found = set(np.flatnonzero(shelf.mask(viewer, Filters(), moment)).tolist())
        assert found == {row.pk for row in filtered(viewer, Filters(), moment)}
        return found

    mine = cast.offer(now)
    before = seen(PUBLIC)
    theirs = Reading.objects.get(record=cast.received(now))
    assert seen(PUBLIC) == {*before, theirs.pk}
    records.set_level(viewer=cast.EDITOR, record_id=mine.id, audience="private", now=now)
    assert len(seen(PUBLIC)) == len(before)
    later = now + timedelta(days=1)
    records.set_term(agreement=theirs.passages.get().agreement, until=now, now=now)
    assert theirs.pk not in seen(cast.EDITOR)
    records.set_term(agreement=theirs.passages.get().agreement, until=later, now=now)
    assert theirs.pk in seen(cast.EDITOR)
    assert theirs.pk not in seen(cast.EDITOR, later)
    channel = theirs.passages.get().channel
    records.recall(origin=theirs.origin, record_id=theirs.record, channel=channel, now=now)
    assert theirs.pk not in seen(cast.EDITOR)
