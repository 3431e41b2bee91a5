"""Contact data is noticed before a record is published, and figures are not taken for it."""

import json
from importlib import resources

import pytest

from kakehashi.records import lint
from kakehashi.translation.texts import original


def codes(text: str) -> list[str]:
    return lint.warnings({"kind": "offer", "body": {"de": original(text)}}).get("body", [])


@pytest.mark.parametrize(
    "text",
    [
        "Bitte an erika.muster@isar-biologics.de schreiben",
        "Kontakt: erika (at) isar-biologics (dot) de",
        "ご連絡は info@naniwa.example.jp まで",
        "連絡先：ｉｎｆｏ＠ｎａｎｉｗａ．ｃｏ．ｊｐ",
    ],
)
def test_an_e_mail_address_is_noticed(text: str) -> None:
    assert codes(text) == ["contact-email"]


@pytest.mark.parametrize(
    "text",
    [
        "Telefon +49 89 1234567-0",
        "+81-6-1234-5678",
        "Rufen Sie an: 089 / 8996790",
        "(089) 899 679-0",
        "Tel. 0176 12345678",
        "電話 06-6123-4567",
        "０６－６１２３－４５６７",
        "TEL: 0661234567",
    ],
)
def test_a_phone_number_is_noticed(text: str) -> None:
    assert codes(text) == ["contact-phone"]


@pytest.mark.parametrize(
    "text",
    [
        "Abgeschlossen am 2026-11-22 mit 1.000.000 Euro",
        "NCT01234567 und EudraCT 2019-001234-56",
        "DOI 10.1038/s41586-020-2649-2",
        "IC50 von 0,05 bis 0,12 µM; p < 0.001 2345",
        "2015年から2020年まで、総額5億5,500万米ドル",
        "um 20 bis 100 Prozent, 12 345 678 Zellen",
        "ATCC 12345-678, HGNC:1100, @ 37 °C",
        "ISO 13485:2016, EN 60601-1-2",
        "am 01/02/2026 und 03-04-2026",
        "ORCID 0000-0002-1825-0097",
    ],
)
def test_figures_dates_and_identifiers_are_no_contact_data(text: str) -> None:
    assert codes(text) == []


def test_fields_for_identifiers_and_addresses_are_left_alone() -> None:
    body = {
        "kind": "academic",
        "identifiers": ["0000-0002-1825-0097", "+4989123456789"],
        "sources": [{"url": "https://example.org/a@b.de", "title": "a@b.de"}],
    }
    assert lint.warnings(body) == {}


def test_the_demonstration_set_holds_no_contact_data() -> None:
    for side in ("munich", "osaka"):
        folder = resources.files("kakehashi") / "data" / "demonstration" / side
        for part in ("offers", "requests", "developments", "academics", "practices", "organisations"):
            for line in (folder / f"{part}.jsonl").read_text("utf-8").splitlines():
                facts = json.loads(line)
                for name in ("body", "challenge", "approach", "results", "lessons", "transferable_to"):
                    if isinstance(facts.get(name), str):
                        assert codes(facts[name]) == [], facts["id"]
                for wording in (facts.get("summary") or {}).values():
                    assert codes(wording) == [], facts["id"]
