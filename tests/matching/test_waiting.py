"""Many readings at once: shown with the page that brings them, found once their words are written."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.matching import actions
from kakehashi.matching.actions.words import AT_ONCE, write_concepts
from kakehashi.matching.models import Waiting
from kakehashi.matching.queries import Filters, search
from kakehashi.records.actions import Arrival, Crossing, receive_all
from kakehashi.records.models import Reading
from kakehashi.translation.texts import original

pytestmark = pytest.mark.django_db
MANY = AT_ONCE + 1


def arrive(now: datetime, word: str, revision: int = 1) -> None:
    """A page of a partner's log in which every request has `word` in its title."""
    crossing = Crossing("c", "sha256-test", "c1", 0, "public", "CLEAR", now + timedelta(days=1))
    body = {
        "kind": "request",
        "revision": revision,
        "lang": "de",
        "organisation": {"origin": "osaka.example", "id": str(UUID(int=1)), "name": "なにわ製薬株式会社"},
        "een_type": "TR",
        "title": {"de": original(f"{word} gesucht")},
        "summary": {"de": original("Für die Forschung.")},
        "partnership": ["licence"],
        "topics": ["antibodies"],
    }
    arrivals = [
        Arrival(UUID(int=number), body, None, ["JP-27"], now, None, crossing) for number in range(MANY)
    ]
    assert receive_all(origin="osaka.example", side="osaka", arrivals=arrivals, now=now) == {}


def count(word: str, now: datetime) -> int:
    return search(PUBLIC, word, Filters(), now).total


def test_many_readings_are_found_once_the_worker_has_written_their_words(now: datetime) -> None:
    arrive(now, "Kernspinresonanz")
    assert (Reading.objects.count(), count("Kernspinresonanz", now)) == (MANY, 0)
    assert actions.write_waiting() == MANY
    assert count("Kernspinresonanz", now) == MANY
    assert actions.write_waiting() == 0


def test_what_is_written_anew_is_never_found_by_its_former_words(now: datetime) -> None:
    arrive(now, "Kernspinresonanz")
    actions.write_waiting()
    arrive(now, "Massenspektrometrie", revision=2)
    assert count("Kernspinresonanz", now) == 0
    actions.write_waiting()
    assert (count("Kernspinresonanz", now), count("Massenspektrometrie", now)) == (0, MANY)


def test_concepts_that_are_read_first_stay_with_the_words_that_come_later(now: datetime) -> None:
    arrive(now, "Kernspinresonanz")
    first = Reading.objects.earliest("pk")
    write_concepts(first, ["nmr"])
    assert not Waiting.objects.filter(pk=first.pk).exists()
    actions.write_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT concepts FROM matching_words WHERE rowid = %s", [first.pk])
        (named,) = cursor.fetchone()
    assert "nmr" in named


def test_what_is_gone_waits_no_longer(now: datetime) -> None:
    arrive(now, "Kernspinresonanz")
    Reading.objects.earliest("pk").delete()
    assert actions.write_waiting() == MANY - 1
