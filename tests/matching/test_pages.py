"""The pages of matches: all that ranks a pair is shown, in the reader's language, to who may see it."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import override

from kakehashi import clock
from kakehashi.matching import actions
from kakehashi.matching.models import Alignment, Match
from kakehashi.records.models import Reading
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NUMBER = re.compile(r'<td class="r num">(?:<b>)?([+−]?)(\d+)[.,](\d\d)')


def bridge(now: datetime, **changes: object) -> Match:
    cast.offer(now, **changes)  # type: ignore[arg-type]
    cast.received(now)
    actions.encode_due(now=now)
    actions.match_due(now=now)
    return Match.objects.get()


def page(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def hundredths(html: str) -> list[int]:
    return [int(whole + cents) * (-1 if sign == "−" else 1) for sign, whole, cents in NUMBER.findall(html)]


@pytest.mark.parametrize("lang", ["de", "ja", "en"])
def test_the_rows_of_the_score_add_up_to_the_number_shown(client: Client, lang: str) -> None:
    match = bridge(clock.now())
    *rows, total = hundredths(page(client, f"/{lang}/matches/{match.pk}/"))
    assert len(rows) >= 3
    assert sum(rows) == total == round(match.score * 100)


def test_reasons_are_said_in_the_readers_language(client: Client) -> None:
    match = bridge(clock.now())
    assert "Beide Seiten wünschen: Lizenz" in page(client, f"/de/matches/{match.pk}/")
    assert "双方に共通します" in page(client, f"/ja/matches/{match.pk}/")
    assert "Both sides want: Licence" in page(client, f"/en/matches/{match.pk}/")


def test_phrases_are_aligned_when_a_match_is_first_shown_and_then_kept(client: Client) -> None:
    match = bridge(clock.now())
    first = page(client, f"/en/matches/{match.pk}/")
    assert f'hx-get="/en/matches/{match.pk}/phrases/"' in first
    assert Alignment.objects.count() == 0
    fragment = page(client, f"/en/matches/{match.pk}/phrases/", **HTMX)
    assert "<html" not in fragment
    numbers = re.findall(r'<a class="w" href="#k(\d+)">', fragment)
    assert numbers
    assert all(f'id="k{number}"' in fragment and numbers.count(number) == 2 for number in numbers)
    again = page(client, f"/en/matches/{match.pk}/")
    assert "hx-get" not in re.sub(r"(?s)^.*<main", "", again).split("<footer")[0]
    assert 'lang="ja" data-side="osaka"' in again


def test_without_script_a_link_shows_the_phrases(client: Client) -> None:
    match = bridge(clock.now())
    assert '<a class="w"' in page(client, f"/de/matches/{match.pk}/?phrases=1")


def test_what_the_score_does_not_rest_on_is_said_so(client: Client) -> None:
    match = bridge(clock.now())
    counted = next(row["because"] for row in match.components if row["name"] == "concepts")
    match.components = [
        {**row, "because": [], "value": 0.0} if row["name"] == "concepts" else row for row in match.components
    ]
    assert counted
    match.save()
    assert "not part of the score" in page(client, f"/en/matches/{match.pk}/?phrases=1")


def test_a_match_with_a_hidden_record_is_not_found(client: Client) -> None:
    match = bridge(clock.now(), audience="members")
    for address in (f"matches/{match.pk}/", f"matches/{match.pk}/phrases/"):
        assert client.get(f"/en/{address}").status_code == 404
    assert "1 match" not in page(client, "/en/matches/")


def test_the_list_is_limited_by_kind_and_answers_htmx_with_the_list_alone(client: Client) -> None:
    bridge(clock.now())
    assert "1 match" in page(client, "/en/matches/?kind=offer")
    assert "0 matches" in page(client, "/en/matches/?kind=practice")
    part = page(client, "/en/matches/", **HTMX, **{"HX-Target": "matches"})
    assert part.lstrip().startswith('<section id="matches"')


def test_a_member_sees_the_own_organisations_matches_first(client: Client) -> None:
    match = bridge(clock.now())
    owner = Reading.objects.get(pk=match.own_id).owner
    client.force_login(cast.user(cast.Role.MEMBER, owner))
    assert "1 match" in page(client, "/en/matches/")
    other = cast.organisation(clock.now(), name="Würm Therapeutics AG")
    client.force_login(cast.user(cast.Role.MEMBER, other.id, email="other@munich.example"))
    none = page(client, "/en/matches/")
    assert "0 matches" in none
    assert '<a href="/en/matches/?mine=0">All matches across the bridge</a>' in none
    assert "1 match" in page(client, "/en/matches/?mine=0")
    assert "No match with these filters." in page(client, "/en/matches/?mine=0&kind=practice")


def test_the_record_page_fetches_its_matches(client: Client) -> None:
    match = bridge(clock.now())
    own = match.own
    address = f"/en/matches/of/{own.origin}/{own.record}/"
    assert f'hx-get="{address}"' in page(client, f"/en/records/{own.origin}/{own.record}/")
    fragment = page(client, address, **HTMX)
    assert f'href="/en/matches/{match.pk}/"' in fragment
    assert "<html" not in fragment
    assert "<html" in page(client, address)


def test_both_sides_always_stand_in_the_same_order(client: Client) -> None:
    match = bridge(clock.now())
    html = page(client, f"/en/matches/{match.pk}/")
    assert html.index('data-side="munich"') < html.index('data-side="osaka"')


@pytest.mark.parametrize("address", ["matches/999999/", "matches/999999/phrases/"])
def test_an_unknown_match_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/de/{address}").status_code == 404


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    from kakehashi.matching.templatetags.matching import closeness, hundredths

    with override("de"):
        assert closeness(0.84) == "sehr nah, 0,84"
        assert hundredths(-4) == "−0,04"
    with override("ja"):
        assert closeness(0.84) == "とても近い、0.84"


def test_the_fragment_of_a_record_that_was_taken_back_is_empty_and_no_error(client: Client) -> None:
    address = f"/de/matches/of/osaka.example/{uuid4()}/"
    assert client.get(address).status_code == 404
    fragment = client.get(address, headers={"hx-request": "true"})
    assert (fragment.status_code, fragment.content) == (204, b"")
