"""The front page in each state of a bridge, for each who looks."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.matching.models import Match
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading
from tests import cast
from tests.agreements import partnership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def page(language: str = "de", role: Role | None = None) -> str:
    client = Client()
    if role is not None:
        person = User.objects.filter(role=role.value).first() or cast.user(role)
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(f"/{language}/")
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def ledger(html: str) -> list[tuple[str, str, str]]:
    """(left, clause, right) per row of the ledger."""
    rows = re.findall(r"<tr>(.*?)</tr>", html.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0])
    cells = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row) for row in rows]
    return [tuple(re.sub(r"<.*?>", "", cell).strip() for cell in row) for row in cells]


def test_a_bridge_in_force_shows_both_sides_what_crossed_and_the_days_left(now: datetime) -> None:
    agreement = partnership.active(now)
    offer = cast.offer(now)
    cast.received(now, agreement=agreement.lineage)
    crossing = actions.Crossing(
        channel="munich.example/kx/0123456789abcdef/0",
        agreement=agreement.lineage,
        clause="c1",
        index=0,
        onward="public",
        tlp="CLEAR",
        open_until=agreement.ends,
    )
    actions.given(crossings={offer.id: crossing}, now=now)
    html = page()
    assert "Neu aus Munich" in html
    assert "Neu aus Osaka" in html
    assert "Antikörper gegen solide Tumoren" in html
    assert "Gesucht: ADC gegen solide Tumoren" in html
    assert 'lang="ja">固形がんに対する抗体薬物複合体の導入を希望' in html
    assert ledger(html)[0] == ("1", "Neue Technologien", "1")
    assert ledger(html)[1][0] == ledger(html)[1][2] == "0"
    days = (agreement.ends - now).days
    assert f"noch {days // 1000}\u202f{days % 1000:03} Tage" in html
    assert "Klausel 5 hat noch keinen Beleg." in html
    assert "Klausel 1" not in html


def test_a_number_leads_to_the_records_behind_it(now: datetime) -> None:
    agreement = partnership.active(now)
    cast.received(now, agreement=agreement.lineage)
    found = re.search(r'<td data-side="osaka"><a href="([^"]*)">1</a>', page())
    assert found
    assert "side=osaka" in found[1]
    assert "clause=c1" in found[1]


def test_a_clause_that_rests_is_named_with_its_days(now: datetime) -> None:
    agreement = partnership.active(now)
    cast.received(now.replace(month=10, day=1), agreement=agreement.lineage)
    assert "Klausel 1 ruht seit 52 Tagen." in page()


def test_a_record_for_members_counts_only_for_those_who_may_see_it(now: datetime) -> None:
    agreement = partnership.active(now)
    cast.received(now, agreement=agreement.lineage, onward="members", tlp="GREEN")
    assert ledger(page())[0][2] == "0"
    editor = page(role=Role.EDITOR)
    assert ledger(editor)[0][2] == "1"
    assert "TLP:GREEN" in editor


def test_without_a_partner_the_page_says_who_can_add_one() -> None:
    assert "Das Brückenmanagement des Clusters fügt einen Partner hinzu" in page()
    assert "/de/agreements/partners/add/" in page(role=Role.MANAGER)


def test_with_a_partner_but_no_agreement_nothing_has_crossed(now: datetime) -> None:
    partnership.partner(now)
    html = page(role=Role.MANAGER)
    assert "Es ist keine Vereinbarung in Kraft." in html
    assert "Neu aus Osaka" in html
    assert "<table" not in html
    assert "Osaka" not in page().split("<main")[1]  # the public learns of a partner from the agreement


def test_a_node_without_records_says_how_the_first_comes() -> None:
    assert "Es gibt noch keinen Eintrag." in page()


@pytest.mark.parametrize("role", [None, *list(Role)[1:]])
@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_everybody_reads_the_front_page_in_every_language(
    now: datetime, language: str, role: Role | None
) -> None:
    partnership.active(now)
    cast.offer(now)
    html = page(language, role)
    assert f'<html lang="{language}">' in html
    assert "<h1" in html


def test_an_editor_sees_what_waits_for_review_and_a_reader_does_not(now: datetime) -> None:
    draft = actions.create(viewer=cast.EDITOR, body=cast.offer_body(cast.organisation(now)), now=now)
    assert "1 Entwurf" in page(role=Role.EDITOR)
    actions.move(viewer=cast.EDITOR, record_id=draft.id, to=State.IN_REVIEW, now=now)
    assert "1 Eintrag in Prüfung" in page(role=Role.MANAGER)
    assert "Wartet auf Sie" not in page(role=Role.READER)


def test_a_manager_is_told_of_an_agreement_that_this_side_has_not_signed(now: datetime) -> None:
    partnership.partner(now)
    proposed = partnership.proposal(now)
    assert "1 Vereinbarung zu unterzeichnen" in page(role=Role.MANAGER)
    partnership.sign_here(proposed, now)
    assert "zu unterzeichnen" not in page(role=Role.MANAGER)


@pytest.mark.parametrize("many", [1, 6])
def test_the_front_page_and_the_matches_ask_a_pinned_number_of_questions(
    many: int, now: datetime, django_assert_num_queries: Any
) -> None:
    agreement = partnership.active(now)
    for _ in range(many):
        ends = [cast.offer(now).id, cast.received(now, agreement=agreement.lineage)]
        own, other = (Reading.objects.get(record=end) for end in ends)
        Match.objects.create(own=own, other=other, score=0.5, components=[], conditions=[], computed_at=now)
    for path, questions in {"/de/": 12, "/de/best/": 6, "/de/matches/": 6}.items():
        with django_assert_num_queries(questions):
            assert Client().get(path).content.decode().count('class="bridge pair"') >= min(many, 3)
