"""The kinds of the conversation: checked and given like all others, and on no page of content."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.errors import InvalidInput, NotFound
from kakehashi.introductions.steps import CANCELLED, MILESTONES, Reason, Result, Return
from kakehashi.records import actions, lint, queries, schema
from kakehashi.records.kinds import CONVERSATION, REASONS, RESULTS, RETURNS, SAYINGS
from tests import cast

ABOUT = {"origin": "osaka.example", "id": str(UUID(int=7))}
HEAD: dict[str, Any] = {
    "revision": 1,
    "lang": "de",
    "about": ABOUT,
    "organisation": {"origin": cast.HERE, "id": str(UUID(int=8)), "name": "Isar Biologics GmbH"},
}
WELL: dict[str, dict[str, Any]] = {
    "interest": {**HEAD, "says": "asked"},
    "reply": {**HEAD, "says": "declined", "reason": "too_early"},
    "outcome": {**HEAD, "says": "meeting", "date": "2026-11-20"},
    "confirmation": {**HEAD, "says": "confirmed", "result": "research"},
    "comment": {**HEAD, "message": {"de": {"text": "Danke.", "origin": "original"}}},
    "mission": {
        **{name: value for name, value in HEAD.items() if name != "about"},
        "says": "programme",
        "title": {"de": {"text": "Reise nach Osaka", "origin": "original"}},
        "summary": {"de": {"text": "Sechs Firmen besuchen Kansai.", "origin": "original"}},
        "date": "2027-03",
        "days": [{"from": "2027-03-01T00:00:00Z", "to": "2027-03-01T08:00:00Z"}],
    },
    "tally": {
        **{name: HEAD[name] for name in ("revision", "lang", "about")},
        "at_least": 3,
        "at": "2026-11-20T09:00:00Z",
    },
    "term": {
        **{name: HEAD[name] for name in ("revision", "lang")},
        "concept": "ribosome-mill",
        "topics": ["bioprocessing"],
        "names": {"de": "Ribosomenmühle", "ja": "リボソーム製粉機", "en": "ribosome mill"},
        "why": "Neu am Markt",
        "at": "2026-11-20T09:00:00Z",
    },
}


@pytest.mark.parametrize("kind", CONVERSATION)
def test_each_kind_of_the_conversation_has_a_form(kind: str) -> None:
    assert schema.problems({**WELL[kind], "kind": kind}) == {}


@pytest.mark.parametrize(
    ("kind", "changes", "wrong"),
    [
        ("interest", {"about": {"origin": "osaka.example"}}, "about"),
        ("interest", {"about": {**ABOUT, "id": "7"}}, "about"),
        ("interest", {"about": {**ABOUT, "origin": ""}}, "about"),
        ("interest", {"says": "accepted"}, "says"),
        ("interest", {"at": "2026-11-22T09:00:00+01:00"}, "at"),
        ("interest", {"at": "2026-02-30T09:00:00Z"}, "at"),
        ("interest", {"at": "9999-12-31T09:00:00Z"}, "at"),
        ("outcome", {"minutes": 0}, "minutes"),
        ("reply", {"reason": "because"}, "reason"),
        ("confirmation", {"result": "meeting"}, "result"),
        ("comment", {"message": {}}, "message"),
        ("mission", {"says": "cancelled"}, "says"),
        ("mission", {"days": [{"from": "2027-03-01T00:00:00Z"}]}, "days"),
        ("mission", {"days": [{"from": "2027-03-01", "to": "2027-03-02"}]}, "days"),
        ("mission", {"tables": [{"name": "1", "size": 4}]}, "tables"),
        ("mission", {"tables": [{"name": "1"}] * 81}, "tables"),
        ("mission", {"tables": ["1"]}, "tables"),
        ("mission", {"tables": {"name": "1"}}, "tables"),
    ],
)
def test_what_is_no_such_saying_is_refused(kind: str, changes: dict[str, Any], wrong: str) -> None:
    assert list(schema.problems({**WELL[kind], "kind": kind, **changes})) == [wrong]


def test_the_words_are_those_that_introductions_are_derived_from() -> None:
    assert set(REASONS) == set(Reason)
    assert set(RETURNS) == set(Return)
    assert set(RESULTS) == set(Result)
    assert SAYINGS["outcome"] == (*MILESTONES, CANCELLED, *RESULTS)


@pytest.mark.django_db
def test_an_interest_is_read_by_the_team_and_by_nobody_as_content(now: datetime) -> None:
    interest = cast.interest(now, cast.organisation(now))
    assert [row.record for row in queries.conversation(cast.EDITOR, now)] == [interest.id]
    assert not queries.conversation(PUBLIC, now).exists()
    assert interest.id not in {row.record for row in queries.visible(cast.EDITOR, now)}
    with pytest.raises(NotFound):
        queries.own_record(cast.EDITOR, interest.id)


@pytest.mark.django_db
def test_a_saying_of_the_wrong_form_is_never_stored(now: datetime) -> None:
    with pytest.raises(InvalidInput):
        actions.create(viewer=cast.EDITOR, body={"kind": "comment", "lang": "de"}, now=now, record_id=uuid4())


def test_contact_data_in_the_rows_of_a_mission_is_noticed() -> None:
    wish = {
        "organisation": HEAD["organisation"],
        "why": {"de": {"text": "Schreiben Sie an a.huber@isar.example", "origin": "original"}},
    }
    body = {**WELL["mission"], "kind": "mission", "wishes": [wish]}
    assert schema.problems(body) == {}
    assert lint.warnings(body) == {"wishes": ["contact-email"]}
