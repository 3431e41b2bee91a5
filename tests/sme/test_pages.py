"""The pages of SME status: what a reader learns, and how figures are entered."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kakehashi.accounts.viewer import Role
from kakehashi.sme import actions, labels, queries
from kakehashi.sme.models import FigureRow, HoldingRow, RateRow
from kakehashi.sme.results import Size
from tests import cast
from tests.sme.enterprise import accounts, company, held, rate

pytestmark = pytest.mark.django_db
M = 1_000_000
SOURCE = {"title": "Jahresabschluss 2025", "dated": "2026-05", "url": "https://example.org/a", "open": "on"}


@pytest.fixture
def now() -> datetime:
    """The pages read the real clock."""
    from kakehashi import clock

    return clock.now()


def address(name: str, record: Any, lang: str = "en") -> str:
    with override(lang):
        return reverse(f"sme:{name}", args=[cast.HERE, record.id])


def signed_in(role: Role = Role.EDITOR, **facts: Any) -> Client:
    client = Client()
    client.force_login(cast.user(role, **facts))
    return client


def known(record: Any, figures: Any, now: datetime) -> None:
    actions.enter(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, figures=figures, now=now)


def test_the_page_shows_both_laws_with_limit_source_and_day(now: datetime) -> None:
    record = cast.organisation(now)
    known(record, accounts(48, 12 * M, 8 * M), now)
    known(record, company(900 * M, 240, "7114"), now)
    page = Client().get(address("status", record)).content.decode()
    for words in (
        "Yes: a small enterprise",
        "No: not a small or medium-sized enterprise",
        "fewer than 50 people",
        "at most 10,000,000 euros",
        "8,000,000 euros",
        "900,000,000 yen",
        "at most 50,000,000 yen",
        "Annual report",
        "https://example.org/report",
        '<time datetime="2025-12-31">31 December 2025</time>',
        "eur-lex.europa.eu",
        "laws.e-gov.go.jp",
    ):
        assert words in page
    assert "<form" not in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", ["Ja: kleines Unternehmen", "8\u202f000\u202f000 Euro", "weniger als 50 Personen", "DE/TXT"]),
        ("ja", ["該当：小規模企業", "8,000,000ユーロ", "50人未満", "中小企業基本法"]),
    ],
)
def test_the_page_speaks_the_reader_s_language(lang: str, words: list[str], now: datetime) -> None:
    record = cast.organisation(now)
    known(record, accounts(48, 12 * M, 8 * M), now)
    page = Client().get(address("status", record, lang)).content.decode()
    for word in words:
        assert word in page


def test_what_is_missing_is_said(now: datetime) -> None:
    record = cast.organisation(now)
    known(record, accounts(30, 60 * M), now)
    page = Client().get(address("status", record)).content.decode()
    assert "Undetermined: figures are missing" in page
    assert "Balance sheet total: not known" in page


def test_the_part_for_the_organisation_s_page_names_what_decides(now: datetime) -> None:
    record = cast.organisation(now)
    known(record, accounts(260, M, M), now)
    part = Client().get(address("for-organisation", record)).content.decode()
    assert "<html" not in part
    assert "No: not a small or medium-sized enterprise" in part
    assert "Staff in annual work units: 260 people (fewer than 250 people)" in part


def test_the_part_is_empty_where_nobody_asked_the_question(now: datetime) -> None:
    university = cast.organisation(now, type="university", name="Universität")
    firm = cast.organisation(now, name="Firma GmbH")
    assert Client().get(address("for-organisation", university)).content == b""
    assert b"No figures on file yet" in Client().get(address("for-organisation", firm)).content
    assert b"Enter figures" in signed_in().get(address("for-organisation", university)).content


def test_an_editor_enters_accounts_and_the_answer_follows(now: datetime) -> None:
    record = cast.organisation(now)
    year = now.year - 1
    facts = {
        "whose": "",
        "closed": f"{year}-12-31",
        "staff": "48.50",
        "currency": "EUR",
        "turnover": "9000000",
    }
    answer = signed_in().post(address("accounts", record), {**facts, **SOURCE}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Yes: a small enterprise" in page
    assert "48.5 people" in page
    assert set(FigureRow.objects.values_list("what", "value", "unit")) == {
        ("staff", "48.5", ""),
        ("turnover", "9000000", "EUR"),
    }


def test_a_member_enters_capital_and_employees_of_the_own_company(now: datetime) -> None:
    record = cast.organisation(now, employees=30, employees_year=now.year - 1)
    client = signed_in(Role.MEMBER, organisation=record.id)
    form = client.get(address("company", record)).content.decode()
    assert 'value="30"' in form  # as the record says, to be confirmed
    facts = {"day": f"{now:%Y-%m-%d}", "legal_form": "company", "jsic": "7114", "currency": "JPY"}
    answer = client.post(address("company", record), {**facts, **SOURCE, "employees": "30"}, follow=True)
    assert "Yes: a small or medium-sized enterprise" in answer.content.decode()
    assert "Services, research among them (JSIC 7114)" in answer.content.decode()


def test_a_form_says_what_is_wrong_at_its_field_and_saves_nothing(now: datetime) -> None:
    record = cast.organisation(now)
    client = signed_in()
    facts = {"day": "2025-12-31", "jsic": "41", "currency": "JPY", **SOURCE}
    page = client.post(address("company", record), facts).content.decode()
    assert "does not settle the sector" in page
    page = client.post(address("accounts", record), {"closed": "2025-12-31", "currency": "EUR", **SOURCE})
    assert "This is needed" in page.content.decode()
    facts = {"closed": "1980-12-31", "staff": "4", "currency": "EUR", **SOURCE, "dated": "bald"}
    page = client.post(address("accounts", record), facts).content.decode()
    assert "too long ago" in page
    assert "the day must exist" in page
    assert FigureRow.objects.count() == 0


def test_holdings_their_accounts_and_rates_are_entered_and_taken_out(now: datetime) -> None:
    record = cast.organisation(now)
    client = signed_in()
    facts = {"name": "Holding AG", "side": "above", "kind": "enterprise", "share": "33.3", **SOURCE}
    client.post(address("holding", record), facts)
    holding = HoldingRow.objects.get()
    assert holding.share == "33.3"
    day = f"{now.year - 1}-12-31"
    facts = {"whose": str(holding.pk), "closed": day, "staff": "30", "currency": "EUR", **SOURCE}
    client.post(address("accounts", record), facts)
    assert FigureRow.objects.get().holding == holding
    client.post(
        address("rate", record), {"date": day, "base": "EUR", "value": "160.25", "quote": "JPY", **SOURCE}
    )
    assert RateRow.objects.get().value == "160.25"
    page = client.get(address("status", record)).content.decode()
    assert "1 EUR = 160.25 JPY" in page
    for what, row in (("holding", holding.pk), ("rate", RateRow.objects.get().pk)):
        assert client.post(address("retire", record), {"what": what, "row": row}).status_code == 302
    assert queries.rate_rows(cast.EDITOR) == []
    assert client.post(address("retire", record), {"what": "rate", "row": "x"}).status_code == 404
    assert client.post(address("retire", record), {"what": "all", "row": "1"}).status_code == 404


@pytest.mark.parametrize("name", ["accounts", "company", "holding", "rate"])
def test_only_who_may_enter_figures_sees_the_forms(name: str, now: datetime) -> None:
    record = cast.organisation(now)
    assert Client().get(address(name, record)).status_code == 403
    assert signed_in().get(address(name, record)).status_code == 200
    member = signed_in(Role.MEMBER, organisation=record.id)
    assert member.get(address(name, record)).status_code == (403 if name == "rate" else 200)


def test_converted_amounts_and_groups_are_taken_apart_for_the_reader(now: datetime) -> None:
    record = cast.organisation(now)
    known(record, accounts(100, 1_000 * M, currency="JPY"), now)
    actions.quote(viewer=cast.EDITOR, rate=rate("160"), now=now)
    other = held("40", name="Partner AG")
    row = actions.relate(viewer=cast.EDITOR, origin=cast.HERE, record=record.id, holding=other, now=now)
    actions.enter(
        viewer=cast.EDITOR,
        origin=cast.HERE,
        record=record.id,
        figures=accounts(50, M),
        holding=row.pk,
        now=now,
    )
    page = Client().get(address("status", record)).content.decode()
    assert "120 people" in page
    assert "Partner AG (40 %) · 50 people" in page
    assert "6,650,000 euros" in page
    assert "converted at 1 EUR = 160 JPY" in page


def test_every_code_has_its_words() -> None:
    assert set(labels.KINDS) == {str(kind) for kind in queries.Kind}
    assert set(labels.SIDES) == {str(side) for side in queries.Side}
    assert set(labels.WHAT) >= {str(what) for what in queries.What}
    assert set(labels.SIZES) == {("eu", size) for size in Size} | {("jp", size) for size in list(Size)[1:]}


def test_a_code_that_nobody_described_still_gets_a_sentence() -> None:
    assert str(labels.problem("share")) == "A share is at most 100 per cent."
    assert str(labels.problem("required"))
