"""The demonstration set: it loads wholly, keeps figures as written, and a second import changes nothing."""

import json
from datetime import datetime
from typing import Any

import pytest

from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.importers import bridge_format as bridge
from kakehashi.importers import demonstration
from kakehashi.records import actions, queries, schema
from kakehashi.records.models import Reading, Record, Revision, SourceKey
from kakehashi.translation.texts import is_stale, text_hash
from tests import cast

SIDES = ("munich", "osaka")
FOLDER = demonstration.FOLDER


def lines(side: str, name: str) -> list[dict[str, Any]]:
    return [json.loads(text) for text in (FOLDER / side / f"{name}.jsonl").read_text("utf-8").splitlines()]


def refer(slug: str) -> dict[str, str]:
    return {"origin": cast.HERE, "id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "name": slug}


def load(side: str, now: datetime, **facts: Any) -> demonstration.Summary:
    return demonstration.load(side=side, viewer=cast.EDITOR, now=now, **facts)


@pytest.mark.parametrize("side", SIDES)
def test_every_line_becomes_a_body_without_a_problem(side: str) -> None:
    found = {
        entry.key: wrong
        for entry in bridge.read(FOLDER / side)
        if (wrong := schema.problems({**bridge.body(entry, side, refer), "revision": 1}))
    }
    assert found == {}


@pytest.mark.django_db
@pytest.mark.parametrize("side", SIDES)
def test_all_of_a_side_is_loaded_and_a_second_import_changes_nothing(side: str, now: datetime) -> None:
    count = sum(1 for _ in bridge.read(FOLDER / side))
    assert load(side, now) == demonstration.Summary(created=count, changed=0, unchanged=0)
    before = list(Revision.objects.order_by("pk").values_list("pk", "body", "at"))
    assert load(side, now) == demonstration.Summary(created=0, changed=0, unchanged=count)
    assert list(Revision.objects.order_by("pk").values_list("pk", "body", "at")) == before
    assert Record.objects.count() == Reading.objects.count() == count


@pytest.mark.django_db
def test_the_public_sees_all_but_the_invented_records(now: datetime) -> None:
    load("munich", now)
    seen = queries.published(cast.NOBODY, now)
    assert seen.count() == 215
    assert set(seen.values_list("tlp", "onward", "provenance")) == {("CLEAR", "public", "public_sources")}
    assert queries.published(cast.EDITOR, now).filter(provenance="invented").count() == 3


@pytest.mark.django_db
def test_each_level_is_shown_by_one_labelled_invented_record(now: datetime) -> None:
    for side in SIDES:
        load(side, now)
    rows = Reading.objects.filter(provenance="invented")
    assert sorted(rows.values_list("audience", "tlp", "onward")) == [
        ("agreements", "GREEN", "members"),
        ("agreements", "GREEN", "none"),
        ("members", "AMBER", "none"),
        ("named", "AMBER", "none"),
        ("private", "RED", "none"),
    ]
    for row in rows:
        assert row.title["de"].startswith("Erfunden:")
        assert row.title["ja"].startswith("架空の例：")
        assert row.title["en"].startswith("Invented:")
    owners = set(rows.exclude(kind="organisation").values_list("owner_name", flat=True))
    assert owners == {"Erfunden: Musterprotein GmbH", "架空の例：見本細胞工学株式会社"}


def test_coordinates_are_the_digits_that_the_file_holds() -> None:
    entries = {entry.key: entry for entry in bridge.read(FOLDER / "munich")}
    text = (FOLDER / "munich" / "organisations.jsonl").read_text("utf-8")
    text = next(line for line in text.splitlines() if '"id": "lmu"' in line)
    made = bridge.body(entries["lmu"], "munich", refer)
    assert f'"lat": {made["latitude"]},' in text
    assert f'"lon": {made["longitude"]},' in text


def test_an_amount_is_a_string_with_its_currency_and_null_is_absent() -> None:
    for entry in bridge.read(FOLDER / "osaka"):
        made = bridge.body(entry, "osaka", refer)
        assert None not in made.values()
        amount = entry.line.get("amount")
        assert made.get("amount") == (
            {"value": str(amount["value"]), "currency": amount["currency"]} if amount else None
        )


@pytest.mark.parametrize("side", SIDES)
def test_dates_keep_their_precision(side: str) -> None:
    for entry in bridge.read(FOLDER / side):
        made = bridge.body(entry, side, refer)
        if entry.kind == "development":
            assert made["date"] == made["source_date"] == entry.line["date"]
        elif entry.line.get("published"):
            assert made["source_date"] == entry.line["published"]
        elif entry.kind == "organisation":
            assert "source_date" not in made


@pytest.mark.parametrize(("side", "lang"), [("munich", "de"), ("osaka", "ja")])
def test_the_original_is_original_and_the_others_name_engine_and_source_text(side: str, lang: str) -> None:
    for entry in bridge.read(FOLDER / side):
        made = bridge.body(entry, side, refer)
        assert made["lang"] == entry.line.get("lang", lang)
        summary = made["summary"]
        assert summary[made["lang"]]["origin"] == "original"
        for other in {"de", "ja", "en"} - {made["lang"]}:
            assert summary[other]["engine"] == "demonstration set 2026-11"
            assert summary[other]["of"] == text_hash(summary[made["lang"]]["text"])
            assert not is_stale(summary, other)


@pytest.mark.django_db
def test_organisations_of_the_other_side_are_left_out_and_none_is_invented(now: datetime) -> None:
    load("munich", now)
    here = {str(pk) for pk in Record.objects.filter(kind="organisation").values_list("pk", flat=True)}
    foreign = {line["id"] for line in lines("osaka", "organisations")}
    crossing = 0
    for line in lines("munich", "developments"):
        body = Record.objects.get(source_keys__key=line["id"]).revisions.get().body
        parties = [body["organisation"], *body.get("organisations", [])]
        crossing += len(foreign & set(line["organisations"]))
        assert len(parties) == len(set(line["organisations"]) - foreign)
        assert {p["id"] for p in parties} <= here
        assert {p["origin"] for p in parties} == {cast.HERE}
    assert crossing == 6


@pytest.mark.django_db
def test_a_name_comes_in_the_language_of_its_region_with_its_ror(now: datetime) -> None:
    load("osaka", now)
    row = Reading.objects.get(record=SourceKey.objects.get(key="osaka-university").record_id)
    offered = Reading.objects.filter(owner=row.record, kind="academic").first()
    assert offered is not None
    assert offered.owner_name == "大阪大学"
    assert offered.body["organisation"].get("ror") == row.body.get("ror")


@pytest.mark.django_db
def test_life_begins_at_import_and_old_records_are_historical_not_expired(now: datetime) -> None:
    load("munich", now)
    row = Reading.objects.get(record=SourceKey.objects.get(key="dev-2011-04-4sc-yakult").record_id)
    assert (row.historical, row.source_date, row.state) == (True, "2011-04-14", "published")
    assert row.published_at == now
    assert row.expires_at is not None
    assert (row.expires_at - now).days == 365


@pytest.mark.django_db
def test_what_was_corrected_here_stays_when_the_source_says_the_same(now: datetime) -> None:
    load("munich", now)
    record = SourceKey.objects.get(key="biom").record
    body = {**record.revisions.get().body, "city": "Planegg"}
    body.pop("revision")
    actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now)
    assert load("munich", now).changed == 0
    assert Reading.objects.get(record=record.id).body["city"] == "Planegg"


@pytest.mark.django_db
def test_a_changed_line_becomes_a_new_revision_of_the_same_record(now: datetime) -> None:
    body = cast.organisation_body()
    first, made = actions.bring(
        viewer=cast.EDITOR, source="s", key="k", body=body, now=now, level=actions.EVERYONE
    )
    again, changed = actions.bring(
        viewer=cast.EDITOR,
        source="s",
        key="k",
        body={**body, "city": "Planegg"},
        now=now,
        level=actions.EVERYONE,
    )
    assert (first, made, changed) == (again, actions.Outcome.CREATED, actions.Outcome.CHANGED)
    assert Record.objects.get(pk=first).revision == 2


@pytest.mark.django_db
def test_when_a_load_is_interrupted_nothing_of_it_stays(now: datetime) -> None:
    def stop(done: int, _all: int) -> None:
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load("munich", now, progress=stop)
    assert Record.objects.count() == SourceKey.objects.count() == Reading.objects.count() == 0


@pytest.mark.django_db
def test_the_named_record_is_given_to_the_agreement_once(now: datetime) -> None:
    load("munich", now)
    for expected in (1, 0):
        assert (
            demonstration.name_agreement(
                side="munich", viewer=cast.EDITOR, agreement="sha256-lineage", now=now
            )
            == expected
        )
    assert Record.objects.get(audience="named").named == ["sha256-lineage"]


@pytest.mark.django_db
def test_only_the_clusters_team_may_publish_by_import(now: datetime) -> None:
    owner = cast.organisation(now)
    with pytest.raises(NotAllowed):
        demonstration.load(side="munich", viewer=cast.member(owner.id), now=now)
    with pytest.raises(InvalidInput):
        actions.bring(
            viewer=cast.EDITOR,
            source="s",
            key="k",
            body=cast.organisation_body(),
            now=now,
            level=actions.Level(actions.EVERYONE.audience, actions.EVERYONE.tlp.RED),
        )
