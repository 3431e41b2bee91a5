"""Error pages: the right status, in words, in the reader's language, whatever is broken."""

from collections.abc import Iterator

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from kakehashi import urls as kakehashi_urls
from kakehashi.accounts.viewer import Role
from kakehashi.audit.actions import note
from kakehashi.audit.models import Entry
from kakehashi.errors import Conflict, NotAllowed, NotFound
from kakehashi.ui import views as ui
from tests import cast

ERRORS = {
    "not-found": NotFound("x"),
    "not-allowed": NotAllowed("x"),
    "conflict": Conflict("x"),
    "bug": KeyError("x"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


def fill_the_disk(request: HttpRequest) -> HttpResponse:
    """Write into a database that may not grow any more."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    try:
        with transaction.atomic():
            for _ in range(100):
                note(at=request.now, actor="x" * 200, action="a", object="o", words="y" * 9000)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=4294967294")
    return HttpResponse("written")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sent")


urlpatterns = [
    *i18n_patterns(path("fail/<str:name>/", fail), path("form/", form), path("full/", fill_the_disk)),
    *kakehashi_urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = ui.bad_request, ui.not_allowed, ui.not_found, ui.broken


@pytest.fixture
def client() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/de/nirgends/", 404, "Hier ist nichts"),
        ("/ja/nirgends/", 404, "ページが見つかりません"),
        ("/en/fail/not-found/", 404, "Nothing is here"),
        ("/de/fail/not-allowed/", 403, "Diese Seite ist für Sie nicht offen"),
        ("/ja/fail/conflict/", 409, "この操作は現在できません"),
        ("/de/fail/bug/", 500, "Hier ist etwas kaputtgegangen"),
        ("/ja/fail/bug/", 500, "システムエラーが発生しました"),
    ],
)
def test_an_error_has_its_status_and_says_what_to_do(
    client: Client, address: str, status: int, words: str
) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert f'<html lang="{address[1:3]}">' in page
    assert f'href="/{address[1:3]}/"' in page  # the way out


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_said_and_nothing_is_half_written(client: Client) -> None:
    response = client.get("/de/full/")
    assert response.status_code == 507
    assert "Die Platte dieses Knotens ist voll" in response.content.decode()
    assert not Entry.objects.exists()


def test_a_broken_page_needs_no_database(client: Client) -> None:
    """Not marked django_db: any query would raise, as it does when the disk is full."""
    response = client.get("/de/fail/bug/")
    assert response.status_code == 500
    assert "Der Fehler liegt bei uns" in response.content.decode()


@pytest.mark.django_db
def test_a_stranger_is_led_to_sign_in_and_back(client: Client) -> None:
    page = client.get("/de/fail/not-allowed/?page=2").content.decode()
    assert "/login/?next=/de/fail/not-allowed/%3Fpage%3D2" in page


@pytest.mark.django_db
def test_somebody_signed_in_is_told_that_the_role_does_not_suffice(client: Client) -> None:
    client.force_login(cast.user(Role.READER), "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/en/fail/not-allowed/").content.decode()
    assert "your role does not allow this" in page
    assert "?next=" not in page


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        response = Client(enforce_csrf_checks=True).post("/de/form/")
    assert response.status_code == 403
    assert "Dieses Formular gilt nicht mehr" in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_is_not_there_can_still_be_read_in_another_language(client: Client) -> None:
    page = client.get("/de/nirgends/?q=1").content.decode()
    assert 'href="/ja/nirgends/?q=1" lang="ja"' in page
