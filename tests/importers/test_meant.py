"""Who is meant by a name in a sheet: found however it is spelled, asked where only a person can say."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.importers import actions, queries, ror
from kakehashi.importers.directory import NOBODY, Doubt
from kakehashi.importers.models import Upload
from kakehashi.records.models import Reading, Record
from tests import cast
from tests.importers import made
from tests.importers.test_ror import record as of_ror

pytestmark = pytest.mark.django_db


def keep(now: datetime, kind: str, *lines: dict[str, Any]) -> Upload:
    data = made.as_csv(made.rows(*lines))
    return actions.keep(viewer=cast.EDITOR, kind=kind, name="list.csv", data=data, now=now)


def plan(now: datetime, kind: str, *lines: dict[str, Any]) -> queries.Plan:
    return queries.plan(cast.EDITOR, kind, "list.csv", made.as_csv(made.rows(*lines)), now)


def codes(found: queries.Plan) -> list[str]:
    return [problem.code for draft in found.sheet.drafts for problem in draft.problems]


@pytest.mark.parametrize(
    "written",
    [
        "ISAR BIOLOGICS AG",
        "Ｉｓａｒ　Ｂｉｏｌｏｇｉｃｓ",
        "株式会社Isar Biologics",
        "Isar Biologics GmbH, Hauptstraße 3, 80331 München, Germany",
    ],
)
def test_another_spelling_finds_the_organisation(now: datetime, written: str) -> None:
    isar = cast.organisation(now, names={"de": "Isar Biologics GmbH"}, city="München")
    found = plan(now, "offer", {**made.OFFER, "organisation": written})
    assert codes(found) == []
    assert found.steps[0].draft.body["organisation"]["id"] == str(isar.id)


def test_a_doubtful_name_waits_for_a_person_who_says_who_is_meant(now: datetime) -> None:
    isar = cast.organisation(now, names={"de": "Isar Biologics GmbH"})
    line = {**made.OFFER, "organisation": "Isar Biologicz GmbH"}
    kept = keep(now, "offer", line)
    before = queries.plan_of(cast.EDITOR, kept, now)
    assert (codes(before), before.steps) == (["reference-doubtful"], [])
    [doubt] = before.doubts
    assert [each.organisation.id for each in doubt.candidates] == [str(isar.id)]
    kept = actions.decide(viewer=cast.EDITOR, upload_id=kept.id, decided={doubt.key: str(isar.id)}, now=now)
    after = queries.plan_of(cast.EDITOR, kept, now)
    assert after.steps[0].draft.body["organisation"]["name"] == "Isar Biologics GmbH"
    kept = actions.decide(viewer=cast.EDITOR, upload_id=kept.id, decided={doubt.key: NOBODY}, now=now)
    assert codes(queries.plan_of(cast.EDITOR, kept, now)) == ["reference"]


def test_only_what_was_offered_can_be_chosen(now: datetime) -> None:
    cast.organisation(now, names={"de": "Isar Biologics GmbH"})
    other = cast.organisation(now, names={"de": "Ganz Andere GmbH"})
    kept = keep(now, "offer", {**made.OFFER, "organisation": "Isar Biologicz GmbH"})
    decided = {"isar biologicz gmbh": str(other.id), "ganz andere gmbh": NOBODY}
    assert actions.decide(viewer=cast.EDITOR, upload_id=kept.id, decided=decided, now=now).decided == {}


def test_an_organisation_under_another_spelling_is_changed_and_not_made_twice(now: datetime) -> None:
    known = cast.organisation(now, names={"de": "Wuerm Diagnostik AG"})
    found = plan(now, "organisation", made.ORGANISATION)
    assert (found.changed, found.created, found.doubts) == (1, 0, [])
    assert (found.steps[0].record, found.steps[0].known_as) == (known.id, "Wuerm Diagnostik AG")


@pytest.mark.parametrize("same", [True, False])
def test_an_organisation_that_is_only_alike_is_made_or_changed_as_a_person_says(
    now: datetime, same: bool
) -> None:
    known = cast.organisation(now, names={"de": "Würm Diagnostic GmbH"})
    kept = keep(now, "organisation", made.ORGANISATION)
    before = queries.plan_of(cast.EDITOR, kept, now)
    assert (codes(before), before.steps) == (["organisation-doubtful"], [])
    decided = {before.doubts[0].key: str(known.id) if same else NOBODY}
    actions.decide(viewer=cast.EDITOR, upload_id=kept.id, decided=decided, now=now)
    done = actions.confirm(viewer=cast.EDITOR, upload_id=kept.id, now=now)
    assert (done.summary["changed"], done.summary["created"]) == ((1, 0) if same else (0, 1))
    assert Record.objects.filter(kind="organisation").count() == (1 if same else 2)


def test_the_same_name_with_another_ror_identifier_is_another_organisation(now: datetime) -> None:
    cast.organisation(now, names={"de": "Würm Diagnostik GmbH"}, ror="https://ror.org/05591te55")
    line = {**made.ORGANISATION, "ror": "https://ror.org/02kkvpp62"}
    found = plan(now, "organisation", line)
    assert (found.created, codes(found)) == (1, [])


def test_ror_completes_who_is_surely_the_same_and_adds_who_is_doubtful(now: datetime) -> None:
    sure = cast.organisation(now, names={"de": "INSTITUT FUER BEISPIELE e.V."})
    cast.organisation(now, names={"de": "Zentrum für Probenn"})
    doubtful = of_ror("02kkvpp62", names=[{"lang": "de", "types": ["label"], "value": "Zentrum für Proben"}])
    body = ror.body(doubtful, "de")
    assert isinstance(queries.directory(cast.EDITOR, now).same(body), Doubt)
    facts = actions.bring_in_ror(viewer=cast.EDITOR, found=[of_ror(), doubtful], now=now)
    assert (facts["changed"], facts["created"]) == (1, 1)
    assert Reading.objects.get(record=sure.id).body["ror"] == "https://ror.org/05591te55"


@pytest.mark.parametrize(
    ("lang", "asked"), [("de", "Wer ist gemeint?"), ("ja", "どの機関を指しますか"), ("en", "Who is meant?")]
)
def test_the_preview_asks_in_the_readers_language_and_keeps_the_answer(lang: str, asked: str) -> None:
    isar = cast.organisation(clock.now(), names={"de": "Isar Biologics <b>GmbH"})
    user = cast.user(Role.EDITOR)
    client = Client()
    client.force_login(user)
    kept = actions.keep(
        viewer=cast.EDITOR, kind="offer", name="list.csv", now=clock.now(),
        data=made.as_csv(made.rows({**made.OFFER, "organisation": "Isar Biologicz <b>GmbH"})),
    )  # fmt: skip
    Upload.objects.update(actor=user.email)
    page = client.get(f"/{lang}/import/{kept.id}/").content.decode()
    assert asked in page
    assert "<b>GmbH" not in page
    answer = {"name_1": "isar biologicz <b>gmbh", "meant_1": str(isar.id)}
    after = client.post(f"/{lang}/import/{kept.id}/decide/", answer, follow=True).content.decode()
    assert asked not in after
    assert UUID(Upload.objects.get().decided["isar biologicz <b>gmbh"]) == isar.id
