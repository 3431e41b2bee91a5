"""Role × page × level, generated: every address that can be reached is asked by every role.

One test asks for one address: as everybody, about each record. It tells of all cells that fail.
"""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse

from kakehashi.audit.models import Entry
from tests.access.table import (
    EVERYONE,
    OWN_LEVELS,
    OWNER,
    PAGES,
    PAIRS,
    PUBLISHED,
    READ,
    ROLES,
    SEES,
    SIGNED_ONLY,
    UNNAMED,
    Page,
)
from tests.access.world import ADDRESSES, ARGUMENTS, FORMS, World, word
from tests.conftest import forget

PLAIN = sorted(name for name, page in PAGES.items() if page.of not in ("record", "match"))
OF_A_MATCH = sorted(name for name, page in PAGES.items() if page.of == "match")
OF_A_RECORD = sorted(name for name, page in PAGES.items() if page.of == "record")
GO_ON = ("agreements:list", "introductions:waiting", "reports:latest")  # they lead to the page that is meant
PARTS = (
    "introductions:for-record",
    "matching:for-record",
    "quality:for-record",
)  # of a record's page: they need not name it again


def each(cells: Iterable[tuple[Any, ...]], check: Callable[..., None]) -> None:
    """Check each cell as if it were alone: what one writes, a session or a form, is undone at its end."""
    failed = []
    for cell in cells:
        cache.clear()
        forget()
        with transaction.atomic():
            try:
                check(*cell)
            except AssertionError as error:
                failed.append(f"{', '.join(map(str, cell))}: {error}")
            transaction.set_rollback(True)
    assert failed == [], "\n\n".join(failed)


def text(answer: HttpResponse) -> str:
    return answer.content.decode(errors="replace") if not answer.streaming else ""


def sent_to(answer: HttpResponse, page: str) -> bool:
    return answer.status_code == 302 and f"/account/{page}/" in answer.headers["Location"]


def refused(answer: HttpResponse, role: str) -> bool:
    """Refused in so many words, sent to sign-in, or told that there is no such page."""
    return answer.status_code in (403, 404, 405) or (role == "public" and sent_to(answer, "login"))


def leaks(answer: HttpResponse, role: str) -> list[str]:
    """Levels whose word the answer holds though this role may not see them."""
    shown = text(answer)
    return [level for level, who in SEES.items() if role not in who and word(level) in shown]


def who(page: Page, level: str, roles: frozenset[str]) -> frozenset[str]:
    """Of those to whom a page is open, those who may see this record; nobody edits what is a partner's."""
    own_only = page != READ and level not in OWN_LEVELS
    return frozenset() if own_only else roles & SEES[level]


def test_every_named_address_has_an_expectation_and_every_expectation_an_address() -> None:
    assert sorted(set(ARGUMENTS) - set(PAGES)) == []
    assert sorted(set(PAGES) - set(ARGUMENTS)) == []


def test_an_address_without_a_name_is_the_door_or_the_pulse_or_asks_for_a_signature(world: World) -> None:
    routes = [route for name, route, pattern in ADDRESSES if not name]
    assert set(UNNAMED) <= set(routes)
    for route in routes:
        if route in UNNAMED:
            assert world.clients["public"].get(f"/{route}").status_code in (UNNAMED[route], 404), route
        else:
            assert route.lstrip("^").startswith(SIGNED_ONLY), route


@pytest.mark.parametrize("role", ROLES)
def test_the_exchange_answers_nobody_who_does_not_sign_whatever_their_role(world: World, role: str) -> None:
    channel = "munich.example/kx/0123456789abcdef/0"
    client = world.clients[role]
    for path in (f"agreements/{world.agreement}", f"channels/{channel}", f"channels/{channel}/entries"):
        answer = client.get(f"/kx/v1/{path}")
        assert answer.status_code == 401, path
        assert not leaks(answer, "public")
    for path in ("proofs", "termination"):
        assert (
            client.post(f"/kx/v1/agreements/{world.agreement}/{path}", b"{}", "application/json").status_code
            == 401
        )


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_opens_to_those_it_is_for_and_shows_nobody_what_they_may_not_see(
    world: World, name: str
) -> None:
    def cell(role: str) -> None:
        goes_on = name in GO_ON and role in PAGES[name].gets
        answer = world.clients[role].get(world.address(name), follow=goes_on)
        if role not in PAGES[name].gets:
            assert refused(answer, role) or (
                answer.status_code == 302 and name.startswith(("account_", "mfa_"))
            )
        elif PAGES[name].proof:
            assert sent_to(answer, "reauthenticate")
        else:
            assert answer.status_code == 200
        assert leaks(answer, role) == []

    each(product(ROLES), cell)


@pytest.mark.parametrize("name", PLAIN)
def test_a_form_is_taken_only_from_those_who_may_send_it(world: World, name: str) -> None:
    def cell(role: str) -> None:
        before = Entry.objects.count()
        if role in PAGES[name].sends:
            if name.startswith(("account", "mfa")):
                return  # tests/accounts sends these
            answer = world.clients[role].post(world.address(name), FORMS.get(name))
            assert answer.status_code in (200, 302, 404, 409)  # 404: an empty form names nothing
            assert not sent_to(answer, "login")
        else:
            answer = world.clients[role].post(world.address(name), FORMS.get(name))
            ignored = answer.status_code in (200, 302) and not PAGES[name].sends  # a page that takes no form
            assert refused(answer, role) or ignored
            assert Entry.objects.count() == before
            assert leaks(answer, role) == []

    each(product(ROLES), cell)


@pytest.mark.parametrize("name", OF_A_RECORD)
def test_what_is_about_a_record_opens_to_those_who_may_see_it(world: World, name: str) -> None:
    def cell(level: str, role: str) -> None:
        page = PAGES[name]
        answer = world.clients[role].get(world.address(name, level))
        if role in who(page, level, page.gets):
            assert answer.status_code == 200
            assert word(level) in text(answer) or name in PARTS
        elif page.gets and role not in SEES[level]:
            assert answer.status_code == 404  # not even that there is one
        else:
            assert refused(answer, role)
        assert leaks(answer, role) == []

    each(product(SEES, ROLES), cell)


@pytest.mark.parametrize("name", [name for name in OF_A_RECORD if PAGES[name].sends])
def test_a_record_is_changed_only_by_those_who_may(world: World, name: str) -> None:
    def cell(level: str, role: str) -> None:
        before = Entry.objects.count()
        answer = world.clients[role].post(world.address(name, level), FORMS.get(name))
        if role in who(PAGES[name], level, PAGES[name].sends):
            assert not refused(answer, role)
        else:
            assert refused(answer, role)
            assert Entry.objects.count() == before
        assert leaks(answer, role) == []

    each(product(SEES, ROLES), cell)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_lists_hold_exactly_what_their_reader_may_see(world: World, language: str, role: str) -> None:
    shown = "".join(
        text(world.clients[role].get(f"/{language}/records/{kinds}/")) for kinds in ("offers", "requests")
    )
    for level in PUBLISHED:
        assert (word(level) in shown) == (role in SEES[level]), level


def test_search_finds_a_record_for_those_who_may_see_it(world: World) -> None:
    def cell(level: str, role: str) -> None:
        answer = world.clients[role].get(world.address("matching:search"), {"q": word(level)})
        main = text(answer).split("<main", 1)[1].replace(f'value="{word(level)}"', "")
        if role not in SEES[level]:
            assert f"/{world.records[level][1]}/" not in main
        elif level in PUBLISHED:
            assert f"/{world.records[level][1]}/" in main
        assert [other for other in leaks(answer, role) if other != level] == []

    each(product(SEES, ROLES), cell)


@pytest.mark.parametrize("name", OF_A_MATCH)
def test_a_match_is_shown_to_those_who_may_see_both_records(world: World, name: str) -> None:
    def cell(pair: tuple[str, str], role: str) -> None:
        answer = world.clients[role].get(world.address(name, pair))
        shown = role in SEES[pair[0]] & SEES[pair[1]]
        assert answer.status_code == (405 if not PAGES[name].gets else 200 if shown else 404)
        assert leaks(answer, role) == []

    each(product(PAIRS, ROLES), cell)


@pytest.mark.parametrize("name", [name for name in OF_A_MATCH if PAGES[name].sends])
def test_with_a_match_something_is_done_only_by_who_may_and_sees_both_records(
    world: World, name: str
) -> None:
    def cell(pair: tuple[str, str], role: str) -> None:
        before = Entry.objects.count()
        answer = world.clients[role].post(world.address(name, pair), FORMS.get(name))
        if role in PAGES[name].sends & SEES[pair[0]] & SEES[pair[1]]:
            assert answer.status_code == 302
        else:
            assert refused(answer, role)
            assert Entry.objects.count() == before

    each(product(PAIRS, ROLES), cell)


@pytest.mark.parametrize("role", ROLES)
def test_the_list_of_matches_holds_exactly_those(world: World, role: str) -> None:
    shown = text(world.clients[role].get(world.address("matching:matches"), {"mine": "0"}))
    for pair, key in world.matches.items():
        assert (f"/matches/{key}/" in shown) == (role in SEES[pair[0]] & SEES[pair[1]]), pair


@pytest.mark.parametrize("role", sorted(OWNER))
def test_the_desk_holds_all_own_records_in_every_state(world: World, role: str) -> None:
    shown = text(world.clients[role].get(world.address("records:own")))
    assert [level for level in OWN_LEVELS if word(level) not in shown] == []


def test_the_member_of_another_organisation_has_none_of_them_on_the_desk(world: World) -> None:
    shown = text(world.clients["member of another"].get(world.address("records:own")))
    assert [level for level in SEES if word(level) in shown] == []


def test_the_table_speaks_of_every_role_and_level() -> None:
    assert frozenset(ROLES) == EVERYONE
    assert all(roles <= EVERYONE for roles in SEES.values())
