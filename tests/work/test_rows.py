"""Rows written past the ORM are the rows that the ORM would have written."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kakehashi.records.models import Facet, Reading
from kakehashi.work import rows

pytestmark = pytest.mark.django_db

COLUMNS = rows.every_column(Reading)
EARLIER = datetime(2026, 11, 23, 9, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=9)))


def reading(**facts: Any) -> Reading:
    return Reading(
        **{
            "origin": "osaka.example",
            "record": uuid4(),
            "own": False,
            "side": "osaka",
            "kind": "offer",
            "lang": "ja",
            "state": "published",
            "tlp": "GREEN",
            "onward": "none",
            "owner": uuid4(),
            "title": {"ja": '抗体 "A"\\ 100 %s'},
            "body": {"list": [1, None, True, "ｶﾞ\n\x7f"], "n": -(2**53) + 1},
            "person": None,
            "revision": 1,
            "sort_date": "",
            "provenance": "posted",
            "published_at": EARLIER,
            "changed_at": EARLIER.astimezone(UTC).replace(microsecond=0),
            **facts,
        }
    )


def write(*readings: Reading, **options: Any) -> None:
    for each, key in zip(readings, rows.new_keys(Reading, len(readings)), strict=True):
        each.pk = each.pk or key
    rows.insert(Reading, COLUMNS, rows.of(readings, COLUMNS), **options)


def values(record: Any) -> dict[str, Any]:
    (found,) = Reading.objects.filter(record=record).values()
    return {name: value for name, value in found.items() if name not in ("id", "record")}


def test_a_row_reads_back_as_the_orm_would_have_written_it() -> None:
    ours, owner = reading(), uuid4()
    ours.owner = owner
    theirs = reading(owner=owner)
    write(ours)
    theirs.save()
    assert values(ours.record) == values(theirs.record)
    assert Reading.objects.get(record=ours.record).published_at == EARLIER


def test_the_orm_finds_rows_by_what_the_helper_converted() -> None:
    write(reading(), reading(title={"ja": "別"}))
    assert Reading.objects.filter(published_at=EARLIER, body__n=-(2**53) + 1).count() == 2
    assert Reading.objects.filter(person__isnull=True, title__ja="別").count() == 1


def test_keys_never_meet_those_that_the_orm_gives() -> None:
    first = reading()
    first.save()
    write(one := reading(), two := reading())
    last = reading()
    last.save()
    assert len({first.pk, one.pk, two.pk, last.pk}) == 4
    highest = last.pk
    last.delete()
    assert rows.new_keys(Reading, 1)[0] > highest


def test_of_a_row_that_is_there_only_the_named_columns_are_written_anew() -> None:
    write(present := reading())
    again = reading(pk=present.pk, record=present.record, side="kobe", revision=2)
    write(again, reading(), unique=["id"], update=["revision"])
    found = Reading.objects.get(pk=present.pk)
    assert (found.side, found.revision) == ("osaka", 2)
    assert Reading.objects.count() == 2


def test_some_columns_of_rows_that_are_there_are_written_and_no_others() -> None:
    one, other = reading(), reading()
    write(one, other)
    first, second = Reading.objects.order_by("pk")
    rows.update(Reading, ["title", "changed_at"], [({"de": "Neu"}, EARLIER, second.pk)])
    rows.update(Reading, ["title"], [])
    changed = Reading.objects.get(pk=second.pk)
    assert (changed.title, changed.changed_at) == ({"de": "Neu"}, EARLIER)
    assert (changed.body, changed.record) == (second.body, second.record)
    assert Reading.objects.get(pk=first.pk).title == first.title


def test_a_broken_constraint_undoes_all_rows() -> None:
    write(present := reading())
    with pytest.raises(IntegrityError), transaction.atomic():
        write(reading(), reading(record=present.record))
    assert Reading.objects.count() == 1


def test_rows_beyond_one_statement_are_all_written_and_written_anew() -> None:
    many = [reading(title={"ja": f"抗体 {place}"}) for place in range(2 * rows.AT_ONCE + 3)]
    write(*many)
    for place, each in enumerate(many):
        each.revision, each.person = place + 2, {"name": f"氏 {place}"} if place % 2 else None
    write(*many, unique=["id"], update=["revision", "person"])
    found = Reading.objects.order_by("pk").values_list("title__ja", "revision", "person__name")
    assert list(found) == [
        (f"抗体 {place}", place + 2, f"氏 {place}" if place % 2 else None) for place in range(len(many))
    ]


def test_many_keys_are_looked_for_as_one_parameter() -> None:
    write(one := reading(), reading(), other := reading())
    sought = rows.among([one.record, other.record, uuid4()])
    assert {each.pk for each in Reading.objects.filter(record__in=sought)} == {one.pk, other.pk}
    assert not Reading.objects.filter(record__in=rows.among([])).exists()


def test_no_rows_are_no_statement() -> None:
    rows.insert(Facet, ["reading_id", "facet", "value"], iter(()))
    assert rows.new_keys(Facet, 0) == []
    assert not Facet.objects.exists()
