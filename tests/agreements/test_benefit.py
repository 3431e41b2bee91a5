"""The clause for small and mid-sized companies: counted from whose records crossed and what the law says."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kakehashi import clock
from kakehashi.accounts.viewer import PUBLIC
from kakehashi.agreements import queries
from kakehashi.agreements.coverage import Coverage, coverage
from kakehashi.records import actions as records
from kakehashi.records.models import Record
from kakehashi.sme import actions as sme
from tests import cast
from tests.agreements import partnership
from tests.sme.enterprise import accounts, company

pytestmark = pytest.mark.django_db
M = 1_000_000
SMALL = accounts(48, 12 * M, 8 * M)  # an SME in the EU
LARGE = accounts(900, 400 * M, 300 * M)


@pytest.fixture
def now() -> datetime:
    """The pages read the real clock."""
    return clock.now()


def crossing(now: datetime, lineage: str, index: int) -> records.Crossing:
    return records.Crossing(
        "munich.example/kx/0/0", lineage, "c1", index, "public", "CLEAR", now.replace(year=2090)
    )


def give(
    now: datetime, lineage: str, name: str, figures: object, offers: int = 1, kind: str = "company"
) -> Record:
    """An organisation with these figures, some of whose offers crossed."""
    owner = cast.organisation(now, name=name, type=kind)
    if figures:
        sme.enter(viewer=cast.EDITOR, origin=cast.HERE, record=owner.id, figures=figures, now=now)
    given = [cast.offer(now, owner, title=f"{name} {number}") for number in range(offers)]
    crossings = {record.id: crossing(now, lineage, place) for place, record in enumerate([owner, *given])}
    records.given(crossings=crossings, now=now)
    return owner


def fifth(now: datetime) -> Coverage:
    standing = queries.running(PUBLIC, now)[0]
    return coverage(standing, queries.evidence(PUBLIC, standing, now), now)[4]


def test_records_of_companies_that_are_small_by_their_own_law_are_the_evidence(now: datetime) -> None:
    lineage = partnership.active(now).lineage
    small = give(now, lineage, "Klein GmbH", SMALL, offers=2)
    give(now, lineage, "Groß AG", LARGE)
    give(now, lineage, "Unbekannt GmbH", None)
    give(now, lineage, "Universität", SMALL, kind="university")
    found = fifth(now)
    assert [(given.side, given.count) for given in found.given] == [("munich", 2), ("osaka", 0)]
    assert [company.record for company in found.companies] == [small.id]
    assert (found.last, found.counted) == (now, False)


def test_the_law_that_counts_is_that_of_the_company_s_own_region(now: datetime) -> None:
    lineage = partnership.active(now).lineage
    give(now, lineage, "Nur in Japan klein GmbH", [*LARGE, *company(2 * M, 40, "7114")])
    assert fifth(now).total == 0


def test_what_has_not_crossed_is_no_evidence(now: datetime) -> None:
    lineage = partnership.active(now).lineage
    owner = give(now, "sha256-of-another-agreement", "Klein GmbH", SMALL)
    assert fifth(now).total == 0
    records.given(crossings={owner.id: crossing(now, lineage, 0)}, now=now)
    assert fifth(now).total == 0  # the company itself is no benefit to it


@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_the_page_names_the_companies_and_leads_to_why_they_are_small(now: datetime, language: str) -> None:
    agreement = partnership.active(now)
    small = give(now, agreement.lineage, "Klein GmbH", SMALL)
    with override(language):
        address = reverse("agreements:detail", args=[queries.short(agreement.hash)])
        status = reverse("sme:status", args=[cast.HERE, small.id])
        home = reverse("home")
    page = Client().get(address).content.decode()
    assert f'href="{status}"' in page.split('id="c5"', 1)[1]
    assert f'href="{address}#c5">1</a>' in Client().get(home).content.decode()
