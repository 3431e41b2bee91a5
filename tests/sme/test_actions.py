"""Who may enter which figures, what each viewer sees of them, and that every answer follows from them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from kakehashi.accounts import ports
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.models import Entry
from kakehashi.errors import InvalidInput, NotAllowed, NotFound
from kakehashi.records import actions as records
from kakehashi.records.models import Record
from kakehashi.sme import actions, queries
from kakehashi.sme.figures import Evidence, What
from kakehashi.sme.group import Kind, Side
from kakehashi.sme.models import FigureRow
from kakehashi.sme.results import Answer, Size
from tests import cast
from tests.sme.enterprise import CLOSED, accounts, company, figure, held, rate

pytestmark = pytest.mark.django_db
M = 1_000_000


def status(viewer: Viewer, record: Record, now: datetime) -> queries.Status:
    reading = queries.organisation(viewer, cast.HERE, record.id, now)
    return queries.status(viewer, reading, now)


def enter(viewer: Viewer, record: Record, figures: tuple, now: datetime, **facts: object) -> list[FigureRow]:
    return actions.enter(viewer=viewer, origin=cast.HERE, record=record.id, figures=figures, now=now, **facts)


def test_both_laws_answer_from_the_figures_that_were_entered(now: datetime) -> None:
    record = cast.organisation(now)
    enter(cast.EDITOR, record, accounts(240, 20 * M), now)
    enter(cast.EDITOR, record, company(900 * M, 240, "7114"), now)
    both = status(cast.NOBODY, record, now)
    assert (both.eu.answer, both.jp.answer) == (Answer.YES, Answer.NO)


def test_with_an_organisation_that_is_erased_go_its_figures_and_no_others(now: datetime) -> None:
    record, other = cast.organisation(now), cast.organisation(now, name="Andere GmbH")
    for each in (record, other):
        enter(cast.EDITOR, each, accounts(20, M), now)
    records.erase(viewer=cast.MANAGER, record_id=record.id, scope="all", basis="agreed", now=now)
    assert {*FigureRow.objects.values_list("record", flat=True)} == {other.id}


def test_a_figure_that_is_taken_out_no_longer_counts(now: datetime) -> None:
    record = cast.organisation(now)
    rows = enter(cast.EDITOR, record, accounts(20, M), now)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.YES
    where = {"origin": cast.HERE, "record": record.id, "now": now}
    actions.retire(viewer=cast.EDITOR, what="figure", row=rows[0].pk, **where)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.UNDETERMINED
    with pytest.raises(NotFound):
        actions.retire(viewer=cast.EDITOR, what="figure", row=rows[0].pk, **where)
    stranger = cast.organisation(now, name="Andere GmbH")
    with pytest.raises(NotFound):
        actions.retire(viewer=cast.EDITOR, what="figure", row=rows[1].pk, **{**where, "record": stranger.id})


def test_figures_of_a_related_enterprise_count_by_its_share(now: datetime) -> None:
    record = cast.organisation(now)
    enter(cast.EDITOR, record, accounts(200, M), now)
    parent = held("50", name="Holding AG")
    row = actions.relate(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, holding=parent, now=now)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.UNDETERMINED
    enter(cast.EDITOR, record, accounts(100, M), now, holding=row.pk)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.NO
    actions.retire(
        viewer=cast.EDITOR, origin=cast.HERE, record=record.id, what="holding", row=row.pk, now=now
    )
    assert status(cast.EDITOR, record, now).eu.answer is Answer.YES


def test_a_rate_serves_every_organisation_and_only_the_team_enters_it(now: datetime) -> None:
    record = cast.organisation(now)
    enter(cast.EDITOR, record, accounts(20, 160 * M, currency="JPY"), now)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.UNDETERMINED
    with pytest.raises(NotAllowed):
        actions.quote(viewer=cast.member(record.id), rate=rate("160"), now=now)
    row = actions.quote(viewer=cast.EDITOR, rate=rate("160"), now=now)
    assert status(cast.EDITOR, record, now).eu.size == Size.SMALL
    where = {"origin": cast.HERE, "record": record.id, "what": "rate", "row": row.pk, "now": now}
    with pytest.raises(NotAllowed):
        actions.retire(viewer=cast.member(record.id), **where)
    actions.retire(viewer=cast.EDITOR, **where)
    assert status(cast.EDITOR, record, now).eu.answer is Answer.UNDETERMINED


def test_a_member_enters_figures_of_the_own_organisation_and_of_no_other(now: datetime) -> None:
    record, other = cast.organisation(now), cast.organisation(now, name="Andere GmbH")
    enter(cast.member(record.id), record, accounts(20, M), now)
    for viewer, allowed in ((cast.member(other.id), False), (cast.READER, False), (cast.NOBODY, False)):
        with pytest.raises(NotAllowed):
            enter(viewer, record, accounts(30, M), now)
        assert queries.may_edit(viewer, queries.organisation(viewer, cast.HERE, record.id, now)) is allowed
    assert FigureRow.objects.count() == 2


def test_what_is_not_an_organisation_has_no_status_and_what_is_hidden_stays_so(now: datetime) -> None:
    offer = cast.offer(now)
    for record in (offer.id, uuid4()):
        with pytest.raises(NotFound):
            queries.organisation(cast.EDITOR, cast.HERE, record, now)
    private = cast.organisation(now, audience="private", name="Geheim GmbH")
    with pytest.raises(NotFound):
        queries.organisation(cast.READER, cast.HERE, private.id, now)


def test_figures_that_are_not_open_decide_but_are_shown_to_nobody_else(now: datetime) -> None:
    record = cast.organisation(now)
    secret = [replace(row, open=False) for row in accounts(48, 12 * M, 8 * M)]
    enter(cast.EDITOR, record, tuple(secret), now)
    full, seen = status(cast.EDITOR, record, now).eu, status(cast.READER, record, now).eu
    assert (seen.answer, seen.size) == (full.answer, full.size) == (Answer.YES, Size.SMALL)
    assert [line.holds for line in seen.lines] == [line.holds for line in full.lines]
    assert [line.decides for line in seen.lines] == [line.decides for line in full.lines]
    assert all(line.hidden and not line.parts for line in seen.lines)
    for amount in ("48", "12000000", "8000000", "Annual report"):
        assert amount in repr(full)
        assert amount not in repr(seen)
    reading = queries.organisation(cast.READER, cast.HERE, record.id, now)
    assert queries.figure_rows(cast.READER, reading) == []
    assert len(queries.figure_rows(cast.EDITOR, reading)) == 3
    member = cast.member(record.id)
    assert len(queries.figure_rows(member, reading)) == 3


def test_names_in_a_group_are_shown_only_if_they_are_open(now: datetime) -> None:
    record = cast.organisation(now)
    enter(cast.EDITOR, record, accounts(20, 20 * M), now)
    closed = replace(held("40", name="Stille Teilhaberin KG"), open=False)
    actions.relate(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, holding=closed, now=now)
    public = replace(held("10", name="Landesanstalt", kind=Kind.PUBLIC_BODY), open=False)
    actions.relate(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, holding=public, now=now)
    reading = queries.organisation(cast.READER, cast.HERE, record.id, now)
    seen = status(cast.READER, record, now).eu
    assert "Stille" in repr(status(cast.EDITOR, record, now).eu)
    assert "Stille" not in repr(seen)
    assert "Landesanstalt" not in repr(seen)
    assert seen.missing
    assert queries.holding_rows(cast.READER, reading) == []


def test_the_team_enters_sourced_figures_of_a_partner_s_organisation(now: datetime) -> None:
    record = uuid4()
    body = {**cast.organisation_body(), "region": "JP-27", "revision": 1}
    crossing = records.Crossing(
        "osaka.example/kx/0123456789abcdef/0",
        "sha256-test",
        clause="c1",
        index=0,
        onward="public",
        tlp="CLEAR",
        open_until=now + timedelta(days=365),
    )
    facts = {"person": None, "regions": ["JP-27"], "issued": now, "expires": None, "now": now}
    records.receive(
        origin="osaka.example", side="osaka", record_id=record, body=body, crossing=crossing, **facts
    )
    reading = queries.organisation(cast.EDITOR, "osaka.example", record, now)
    where = {"origin": "osaka.example", "record": record, "now": now}
    actions.enter(viewer=cast.EDITOR, figures=company(None, 40), **where)
    assert queries.status(cast.NOBODY, reading, now).jp.answer is Answer.YES
    with pytest.raises(NotAllowed):
        actions.enter(viewer=cast.member(record), figures=company(None, 40), **where)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (figure(What.STAFF, "-1"), "staff"),
        (figure(What.STAFF, "1e3"), "staff"),
        (figure(What.TURNOVER, "12", "€"), "unit"),
        (figure(What.STAFF, "12", "EUR"), "unit"),
        (figure(What.SECTOR, "41"), "sector"),
        (figure(What.LEGAL_FORM, "gmbh"), "legal_form"),
        (figure(What.EMPLOYEES, "12", period=date(2027, 1, 1)), "period"),
        (figure(What.STAFF, "12", period=date(1889, 1, 1)), "period"),
        (replace(figure(What.STAFF, "12"), evidence=Evidence(" ", "2026")), "title"),
        (replace(figure(What.STAFF, "12"), evidence=Evidence("x\u202e", "2026")), "title"),
        (replace(figure(What.STAFF, "12"), evidence=Evidence("x", "gestern")), "dated"),
        (replace(figure(What.STAFF, "12"), evidence=Evidence("x", "2026", "javascript:alert(1)")), "url"),
    ],
)
def test_a_figure_without_source_or_sense_is_refused(wrong: object, where: str, now: datetime) -> None:
    record = cast.organisation(now)
    with pytest.raises(InvalidInput) as refused:
        enter(cast.EDITOR, record, (figure(What.STAFF, 20), wrong), now)
    assert list(refused.value.problems) == [where]
    assert FigureRow.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (held("100.5"), "share"),
        (held("x"), "share"),
        (held("30", kind=Kind.UNIVERSITY, side=Side.BELOW), "kind"),
        (held("30", since=CLOSED, until=CLOSED), "until"),
        (held("30", since=date(2030, 1, 1)), "since"),
        (held("30", name=""), "name"),
        (held("30", invested="viel"), "invested"),
    ],
)
def test_a_relation_without_sense_is_refused(wrong: object, where: str, now: datetime) -> None:
    record = cast.organisation(now)
    with pytest.raises(InvalidInput) as refused:
        actions.relate(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, holding=wrong, now=now)
    assert list(refused.value.problems) == [where]


@pytest.mark.parametrize(
    "wrong", [rate("0"), rate("-1"), rate("1", quote="EUR"), rate("1", date(2027, 1, 1))]
)
def test_a_rate_without_sense_is_refused(wrong: object, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        actions.quote(viewer=cast.EDITOR, rate=wrong, now=now)


def test_every_change_stands_in_the_audit_and_people_can_be_forgotten(now: datetime) -> None:
    record = cast.organisation(now)
    rows = enter(cast.EDITOR, record, accounts(20, M), now)
    actions.retire(
        viewer=cast.EDITOR, origin=cast.HERE, record=record.id, what="figure", row=rows[0].pk, now=now
    )
    assert list(Entry.objects.filter(action__startswith="sme.").values_list("action", flat=True)) == [
        "sme.enter",
        "sme.retire",
    ]
    traces = next(trace for trace in ports.traces() if trace.name == "sme")
    assert len(traces.found([cast.EDITOR.actor])) == 2
    traces.forget([cast.EDITOR.actor], "former colleague 1")
    assert traces.found([cast.EDITOR.actor]) == []
    assert set(FigureRow.objects.values_list("by", "retired_by")) == {
        ("former colleague 1", "former colleague 1"),
        ("former colleague 1", ""),
    }


def test_many_organisations_are_answered_in_three_queries(
    now: datetime, django_assert_num_queries: object
) -> None:
    records = [cast.organisation(now, name=f"Firma {number} GmbH") for number in range(5)]
    for number, record in enumerate(records):
        enter(cast.EDITOR, record, accounts(100 * number, M), now)
    readings = [queries.organisation(cast.READER, cast.HERE, record.id, now) for record in records]
    with django_assert_num_queries(3):
        found = queries.statuses(cast.READER, readings, now)
    answers = [found[cast.HERE, record.id].eu.answer for record in records]
    assert answers == [Answer.YES] * 3 + [Answer.NO] * 2
