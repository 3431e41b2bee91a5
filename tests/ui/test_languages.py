"""Addresses begin with the language; the choice is kept in the node's own cookie."""

import pytest
from django.conf import settings
from django.test import Client

from kakehashi.ui.languages import address_in


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/de/search/?q=RNA&side=osaka", "/ja/search/?q=RNA&side=osaka"),
        ("/de", "/ja"),
        ("/de/?next=/de/x/", "/ja/?next=/de/x/"),
        ("/de/records/de/", "/ja/records/de/"),
        ("/dem/", "/ja/"),
        ("/", "/ja/"),
        ("//evil.example/de/", "/ja/"),
    ],
)
def test_another_language_keeps_page_and_query(address: str, there: str) -> None:
    assert address_in(address, "ja") == there


@pytest.mark.parametrize(
    ("accepts", "cookie", "there"),
    [
        ("ja,en;q=0.5", "", "/ja/"),
        ("fr", "", "/de/"),  # the node of the tests speaks German
        ("en-GB,en;q=0.9", "", "/en/"),
        ("ja", "en", "/en/"),
        ("", "xx", "/de/"),
    ],
)
def test_the_root_leads_to_the_cookie_then_to_the_browser(accepts: str, cookie: str, there: str) -> None:
    client = Client()
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = client.get("/", headers={"accept-language": accepts})
    assert (response.status_code, response["Location"]) == (302, there)
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in response["Vary"].split(",")}


@pytest.mark.django_db
def test_reading_in_a_language_chooses_it() -> None:
    client = Client()
    response = client.get("/ja/nowhere/")
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "ja"
    assert "munich" in cookie.key
    assert client.get("/")["Location"] == "/ja/"


@pytest.mark.django_db
def test_cookies_of_two_nodes_on_one_host_do_not_meet() -> None:
    names = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        settings.MESSAGES_COOKIE_NAME,
    )
    assert all(name.endswith("munich-example") for name in names)
    assert len(set(names)) == len(names)
