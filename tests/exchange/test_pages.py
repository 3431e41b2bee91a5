"""The partner page: how far, when last, what was refused and why, told to those who may know."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.exchange import overview, words
from kakehashi.exchange.actions import feeding
from tests import cast
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db
PARTS = Path(__file__).parents[2] / "src" / "kakehashi" / "locale" / "parts" / "exchange.tsv"


def page(role: Role | None, lang: str = "en") -> str:
    client = Client()
    if role is not None:
        found = User.objects.filter(role=role.value).first() or cast.user(role)
        client.force_login(found, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/{lang}/exchange/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_without_an_agreement_the_page_says_so() -> None:
    assert "There is no agreement in force yet" in page(None)


def test_the_page_says_how_far_both_sides_are(now: datetime) -> None:
    world = World(now)
    cast.offer(now, audience="agreements")
    world.origin.put(body=body())
    world.apply()
    text = page(Role.MANAGER)
    assert "Records received 1" in text
    assert "Log entries read all 2" in text
    assert "Records given 2" in text
    assert "Log entries acknowledged 0 of 3" in text


def test_the_team_reads_what_was_refused_and_why_and_others_only_how_much(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body(), regions=["JP-28"])
    world.apply()
    assert "The agreement does not cover its region." in page(Role.EDITOR)
    for role in (None, Role.READER, Role.MEMBER):
        text = page(role)
        assert "Not accepted 1" in text
        assert "does not cover" not in text


def test_trouble_is_said_in_words_to_the_team(now: datetime) -> None:
    world = World(now)
    feeding.failed(name=world.theirs.name, code="unreachable", detail="ConnectError", now=now)
    assert "The partner's node does not answer." in page(Role.MANAGER).replace("&#x27;", "'")
    assert "does not answer" not in page(Role.MEMBER)
    assert "unreachable" not in page(Role.MANAGER)


def test_silence_is_noticed_after_a_quarter_of_an_hour(now: datetime) -> None:
    world = World(now)
    world.origin.put(body=body())
    world.apply()
    for minutes, late in ((15, False), (16, True)):
        (found,) = overview.exchanges(cast.MANAGER, now + timedelta(minutes=minutes))
        assert found.reading is not None
        assert found.reading.late is late


def test_the_state_of_one_agreement_is_a_part_for_htmx_and_a_page_without(now: datetime) -> None:
    world = World(now)
    client = Client()
    address = f"/en/exchange/{world.origin.hash}/"
    assert "<html" in client.get(address).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Records given" in part


def test_the_page_needs_the_same_number_of_queries_however_much_was_read(
    now: datetime, django_assert_max_num_queries: object
) -> None:
    world = World(now)
    for _ in range(30):
        world.origin.put(body=body(), regions=["JP-28"])
    world.apply()
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        overview.exchanges(cast.MANAGER, now)


def test_every_sentence_of_the_exchange_is_there_in_german_and_japanese() -> None:
    rows = [line.split("\t") for line in PARTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    translated = {row[0] for row in rows}
    assert all(len(row) == 3 and all(row) for row in rows)
    sentences = {str(s) for table in (words.TROUBLE, words.REFUSED) for s in table.values()}
    assert sentences | {str(words.TROUBLE_OTHERWISE), str(words.REFUSED_OTHERWISE)} <= translated
