"""ROR: every form of its file is read, organisations are made or completed, and nothing is invented."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kakehashi.errors import FileRefused, NotAllowed
from kakehashi.importers import actions, ror, ror_file
from kakehashi.records import schema
from kakehashi.records.models import Reading, Record
from tests import cast

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ror" / "ror_bavaria_kansai.full.jsonl"


def record(number: str = "05591te55", **changes: Any) -> dict[str, Any]:
    """A record in ROR's schema 2.1, made here."""
    return {
        "admin": {"last_modified": {"date": "2026-10-01", "schema_version": "2.1"}},
        "domains": [],
        "established": 1987,
        "id": f"https://ror.org/{number}",
        "links": [
            {"type": "wikipedia", "value": "https://en.wikipedia.org/wiki/X"},
            {"type": "website", "value": "https://www.example.org"},
        ],
        "locations": [
            {
                "geonames_details": {
                    "country_code": "DE",
                    "country_name": "Germany",
                    "country_subdivision_code": "BY",
                    "lat": 48.107,
                    "lng": 11.45212,
                    "name": "Planegg",
                },
                "geonames_id": 2853323,
            }
        ],
        "names": [
            {"lang": None, "types": ["acronym"], "value": "IFB"},
            {"lang": "en", "types": ["label", "ror_display"], "value": "Institute of Examples (Germany)"},
            {"lang": "de", "types": ["label"], "value": "Institut für Beispiele"},
            {"lang": None, "types": ["label"], "value": "例示研究所"},
            {"lang": "fr", "types": ["label"], "value": "Institut des exemples"},
        ],
        "relationships": [],
        "status": "active",
        "types": ["facility", "funder"],
        **changes,
    }


OLD = {
    "id": "https://ror.org/00088z429",
    "name": "Kobe Example University",
    "established": 1930,
    "types": ["Education"],
    "addresses": [
        {
            "lat": 34.6913,
            "lng": 135.183,
            "city": "Kobe",
            "geonames_city": {"geonames_admin1": {"code": "JP.13"}},
        }
    ],
    "links": ["https://www.example.jp/"],
    "status": "active",
    "labels": [{"label": "神戸例大学", "iso639": "ja"}],
    "country": {"country_code": "JP"},
}


def as_file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def as_zip(folder: Path, **lists: Any) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("v2.0-ror-data.csv", "id\n")
        for name, content in lists.items():
            archive.writestr(f"{name}.json", json.dumps(content, indent=4, ensure_ascii=False))
    return as_file(folder, "v2.0-ror-data.zip", out.getvalue())


def ids(path: Path) -> list[str]:
    return [found["id"].rsplit("/", 1)[-1] for found in ror_file.records(path)]


def test_list_lines_and_the_dumps_zip_are_read(tmp_path: Path) -> None:
    two = [record(), record("00088z429")]
    lines = "\n".join(json.dumps(one) for one in two)
    for path in (
        as_file(tmp_path, "list.json", json.dumps(two, indent=2)),
        as_file(tmp_path, "list.jsonl", lines),
        as_zip(tmp_path, **{"v2.0-ror-data": [OLD], "v2.0-ror-data_schema_v2": two}),
    ):
        assert ids(path) == ["05591te55", "00088z429"]


def test_records_that_lie_across_the_pieces_are_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_file(tmp_path, "l.json", json.dumps([record(f"0000000{n:02}") for n in range(20)], indent=3))
    for piece in (1_000, 997, 50):
        monkeypatch.setattr(ror_file, "PIECE", piece)
        assert len(ids(path)) == 20


@pytest.mark.parametrize(
    "content",
    [b'[{"id": "x"', b"[1, 2]", b"not json", b'{"a": 1}', b"\xff\xfe\x00", b'[{"id": 1, "names": []}]'],
)
def test_what_is_not_of_ror_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused) as caught:
        list(ror_file.records(as_file(tmp_path, "x.json", content)))
    assert caught.value.code == "ror-unreadable"


def test_a_zip_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        list(ror_file.records(as_zip(tmp_path)))


def test_an_organisation_is_made_of_what_ror_says_and_of_nothing_else() -> None:
    made = ror.body(record(), "de")
    assert made["names"] == {
        "de": "Institut für Beispiele",
        "en": "Institute of Examples",
        "ja": "例示研究所",
    }
    assert (made["type"], made["region"], made["city"]) == ("research_institute", "DE-BY", "Planegg")
    assert (made["founded"], made["website"]) == (1987, "https://www.example.org")
    assert "topics" not in made
    assert made["summary"]["de"]["origin"] == "original"
    assert made["summary"]["de"]["text"] == (
        "Forschungseinrichtung in Planegg, eingetragen in der Research Organization Registry (ROR)."
    )
    assert schema.problems({**made, "revision": 1}) == {}


def test_coordinates_are_the_digits_of_the_file(tmp_path: Path) -> None:
    path = as_file(
        tmp_path, "l.json", '[{"id": "https://ror.org/0", "names": [], "x": 11.450000000000000001}]'
    )
    assert next(iter(ror_file.records(path)))["x"] == "11.450000000000000001"


def test_the_older_schema_is_read_with_geonames_regions(tmp_path: Path) -> None:
    (found,) = ror_file.records(as_file(tmp_path, "l.jsonl", json.dumps(OLD)))
    made = ror.body(found, "ja")
    assert (made["names"], made["region"]) == ({"en": "Kobe Example University", "ja": "神戸例大学"}, "JP-28")
    assert (made["latitude"], made["type"], made["city"]) == ("34.6913", "university", "Kobe")


def test_only_living_organisations_of_the_regions_are_wanted() -> None:
    assert ror.wanted(record(), {"DE-BY"})
    assert not ror.wanted(record(), {"JP-27"})
    assert not ror.wanted(record(status="withdrawn"), {"DE-BY"})
    assert not ror.wanted(record(status="inactive"), {"DE-BY"})
    assert not ror.wanted(record(locations=[]), {"DE-BY"})


def bring(now: datetime, *found: dict[str, Any], **facts: Any) -> dict[str, int]:
    return actions.bring_in_ror(viewer=cast.EDITOR, found=found, now=now, **facts)


@pytest.mark.django_db
def test_a_second_import_changes_nothing(now: datetime) -> None:
    assert bring(now, record(), record("00088z429", names=OTHER))["created"] == 2
    assert bring(now, record(), record("00088z429", names=OTHER)) == {
        "created": 0,
        "changed": 0,
        "unchanged": 2,
        "left_out": 0,
    }
    assert set(Record.objects.values_list("state", flat=True)) == {"draft"}


OTHER = [{"lang": "de", "types": ["label", "ror_display"], "value": "Ganz anderes Institut"}]


@pytest.mark.django_db
def test_an_organisation_that_is_here_keeps_what_it_says_and_gains_what_it_lacks(now: datetime) -> None:
    here = cast.organisation(now, ror="https://ror.org/05591te55", names={"de": "Unser Institut"})
    assert bring(now, record(), level=actions.EVERYONE) == {
        "created": 0,
        "changed": 1,
        "unchanged": 0,
        "left_out": 0,
    }
    body = Reading.objects.get(record=here.id).body
    assert body["names"] == {"de": "Unser Institut", "en": "Institute of Examples", "ja": "例示研究所"}
    assert (body["city"], body["type"], body["founded"]) == ("Martinsried", "company", 1987)
    assert body["summary"]["de"]["text"].startswith("Entwickelt Antikörper")
    assert bring(now, record())["unchanged"] == 1


@pytest.mark.django_db
def test_the_same_name_is_the_same_organisation_unless_it_has_another_ror(now: datetime) -> None:
    named = cast.organisation(now, names={"de": "Institut für Beispiele"})
    assert bring(now, record())["changed"] == 1
    assert Reading.objects.get(record=named.id).body["ror"] == "https://ror.org/05591te55"
    assert bring(now, record("00088z429"))["created"] == 1


@pytest.mark.django_db
def test_what_ror_brought_it_may_correct(now: datetime) -> None:
    bring(now, record())
    moved = record()
    moved["locations"][0]["geonames_details"]["name"] = "Martinsried"
    assert bring(now, moved)["changed"] == 1
    assert Reading.objects.get().body["city"] == "Martinsried"


@pytest.mark.django_db
def test_a_record_with_lone_surrogates_or_overrides_is_left_out(now: datetime) -> None:
    evil = record(names=[{"lang": "de", "types": ["label"], "value": "Bad\ud800"}])
    turned = record("00088z429", names=[{"lang": "de", "types": ["label"], "value": "x\u202ey"}])
    assert bring(now, evil, turned, record("000000000"))["left_out"] == 2
    assert Record.objects.count() == 1


@pytest.mark.django_db
def test_only_the_team_brings_in_a_registry(now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.bring_in_ror(viewer=cast.member(cast.organisation(now).id), found=[record()], now=now)


@pytest.mark.skipif(
    not SHARED.exists(), reason="the records of Bavaria and Kansai are not beside the checkout"
)
def test_all_living_organisations_of_both_regions_become_valid_bodies() -> None:
    regions = {"DE-BY", "JP-25", "JP-26", "JP-27", "JP-28", "JP-29", "JP-30"}
    living = [found for found in ror_file.records(SHARED) if found["status"] == "active"]
    assert all(ror.wanted(found, regions) for found in living)
    assert len(living) == 1_108
    assert [f["id"] for f in living if schema.problems({**ror.body(f, "ja"), "revision": 1})] == []
