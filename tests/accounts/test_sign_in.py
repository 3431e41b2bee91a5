"""Sign-in as a person meets it: pages, mails over real SMTP, errors, limits."""

import re
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from kakehashi.accounts import actions
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.audit.models import Entry
from tests import cast
from tests.accounts.smtp import MailServer, text

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://testserver(\S+)")
PASSWORD = "a bridge of words 2026"


def person(now: datetime, role: Role = Role.READER, email: str = "r@munich.example", **facts: str) -> User:
    return actions.ensure_person(viewer=WORKER, email=email, role=role, now=now, password=PASSWORD, **facts)


def sign_in(
    client: Client, email: str = "r@munich.example", password: str = PASSWORD, lang: str = "en"
) -> object:
    return client.post(f"/{lang}/account/login/", {"login": email, "password": password})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link(mails: MailServer, number: int = -1) -> str:
    return LINK.search(text(mails.mails[number])).group(1)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_person_signs_in_by_e_mail_whatever_the_case_and_comes_back_to_where_they_were(
    client: Client, now: datetime
) -> None:
    person(now)
    answer = client.post(
        "/de/account/login/?next=/de/settings/", {"login": "R@Munich.Example", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/de/settings/"
    assert signed_in(client)


@pytest.mark.parametrize(("where", "field"), [("login", "login"), ("password/reset", "email")])
def test_who_comes_to_sign_in_types_at_once(client: Client, where: str, field: str) -> None:
    waiting = re.findall(r"<input[^>]*\bautofocus\b[^>]*>", page(client, f"/en/account/{where}/"))
    assert [re.search(r'name="(\w+)"', tag).group(1) for tag in waiting] == [field]


def test_after_sign_in_nobody_is_sent_to_another_host(client: Client, now: datetime) -> None:
    person(now)
    answer = client.post(
        "/de/account/login/?next=https://evil.example/", {"login": "r@munich.example", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/de/"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", "Diese Adresse und dieses Passwort gehören nicht zusammen."),
        ("ja", "メールアドレスとパスワードの組み合わせが正しくありません。"),
        ("en", "This address and this password do not belong together."),
    ],
)
def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(
    client: Client, now: datetime, lang: str, words: str
) -> None:
    person(now)
    for email in ("r@munich.example", "nobody@munich.example"):
        answer = sign_in(client, email, "wrong", lang)
        assert words in answer.content.decode()
        assert not signed_in(client)


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client: Client, now: datetime) -> None:
    person(now)
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "Too many tries" in sign_in(client).content.decode()
    assert not signed_in(client)


def test_guessing_from_one_place_ends_in_a_page_that_says_so(client: Client) -> None:
    answers = [sign_in(client, f"{n}@munich.example", "wrong", "de") for n in range(31)]
    assert answers[-1].status_code == 429
    assert "Zu viele Versuche" in answers[-1].content.decode()


def test_a_newcomer_becomes_a_reader_after_confirming_the_address(client: Client, mails: MailServer) -> None:
    client.post("/ja/account/signup/", {"name": "花子", "email": "New@munich.example", "password1": PASSWORD})
    assert not signed_in(client)
    assert mails.mails[0]["To"] == "new@munich.example"
    assert "メールアドレス" in mails.mails[0]["Subject"]
    sign_in(client, "new@munich.example")
    assert not signed_in(client)
    client.post(link(mails, 0))
    sign_in(client, "new@munich.example")
    assert signed_in(client)
    newcomer = User.objects.get()
    assert (newcomer.role, newcomer.name, newcomer.language) == (Role.READER, "花子", "ja")
    assert Entry.objects.filter(action="accounts.signup", object="new@munich.example").exists()


def test_signing_up_with_a_taken_address_tells_only_its_owner(
    client: Client, mails: MailServer, now: datetime
) -> None:
    person(now)
    taken = client.post(
        "/en/account/signup/", {"email": "r@munich.example", "password1": PASSWORD}, follow=True
    )
    fresh = Client().post(
        "/en/account/signup/", {"email": "f@munich.example", "password1": PASSWORD}, follow=True
    )
    assert taken.redirect_chain == fresh.redirect_chain
    assert "You have one already" in text(mails.mails[0])
    assert User.objects.get(email="r@munich.example").check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1", "12345678"])
def test_a_weak_password_is_refused(client: Client, mails: MailServer, password: str) -> None:
    client.post("/en/account/signup/", {"email": "f@munich.example", "password1": password})
    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail_and_the_link_works_once(
    client: Client, mails: MailServer, now: datetime
) -> None:
    person(now, language="de")
    client.post("/en/account/password/reset/", {"email": "r@munich.example"})
    assert "neues Passwort" in text(mails.mails[0])  # in the language of who reads it
    there = client.get(link(mails)).headers["Location"]
    client.post(there, {"password1": "another bridge 2026"})
    assert signed_in(client)
    assert User.objects.get().check_password("another bridge 2026")
    assert "Ihr Passwort wurde" in text(mails.mails[1])
    assert "This link does not work any more" in page(Client(), link(mails, 0))


def test_asking_for_a_password_does_not_tell_who_has_an_account(
    client: Client, mails: MailServer, now: datetime
) -> None:
    person(now)
    known = client.post("/en/account/password/reset/", {"email": "r@munich.example"})
    unknown = client.post("/en/account/password/reset/", {"email": "x@munich.example"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert "no account with that address" in text(mails.mails[1])


def test_a_mail_server_that_is_down_is_said_and_nobody_is_half_invited(
    client: Client, now: datetime, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(person(now, Role.MANAGER, "m@munich.example"))
    answer = client.post("/de/people/invite/", {"email": "f@munich.example", "role": "1", "language": "de"})
    assert answer.status_code == 503
    assert "Die Mail ließ sich nicht senden" in answer.content.decode()
    assert not User.objects.filter(email="f@munich.example").exists()


def test_an_invited_person_chooses_a_password_by_the_link_and_is_in(
    client: Client, mails: MailServer, now: datetime
) -> None:
    owner = cast.organisation(now)
    client.force_login(person(now, Role.MANAGER, "m@munich.example"))
    facts = {
        "email": "f@munich.example",
        "role": "2",
        "organisation": "isar biologics gmbh",
        "language": "ja",
    }
    answer = client.post("/en/people/invite/", facts)
    assert answer.headers["Location"] == "/en/people/"
    assert "会員" in text(mails.mails[0])
    guest = Client()
    there = guest.get(link(mails)).headers["Location"]
    assert there.startswith("/ja/")
    guest.post(there, {"password1": PASSWORD})
    assert signed_in(guest)
    somebody = User.objects.get(email="f@munich.example")
    assert (somebody.role, somebody.organisation) == (Role.MEMBER, owner.id)


def test_whoever_is_shut_out_is_out_at_once_and_cannot_return(client: Client, now: datetime) -> None:
    somebody = person(now)
    client.force_login(somebody)
    assert client.get("/en/settings/").status_code == 200
    actions.set_active(viewer=cast.MANAGER, person_id=somebody.pk, active=False, now=now)
    assert client.get("/en/settings/").headers["Location"].startswith("/en/account/login/")
    answer = sign_in(client)
    assert "closed" in page(client, answer.headers["Location"])


def test_signing_out_takes_a_post_and_the_masthead_has_its_button(client: Client, now: datetime) -> None:
    client.force_login(person(now, name="Erika Muster"))
    settings_page = page(client, "/de/settings/")
    assert "Erika Muster" in settings_page
    assert '<form method="post" action="/de/account/logout/">' in settings_page
    client.get("/de/account/logout/")
    assert signed_in(client)
    client.post("/de/account/logout/")
    assert not signed_in(client)


def test_an_address_changes_only_when_the_new_one_is_confirmed(
    client: Client, mails: MailServer, now: datetime
) -> None:
    person(now)
    sign_in(client)
    asked = client.post("/en/account/email/", {"email": "new@munich.example", "action_add": ""})
    client.post(asked.headers["Location"], {"password": "wrong"})
    assert not mails.mails
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert User.objects.get().email == "r@munich.example"
    client.post(link(mails))
    assert User.objects.get().email == "new@munich.example"
    changed = Entry.objects.get(action="accounts.email")
    assert (changed.object, changed.facts) == ("new@munich.example", {"before": "r@munich.example"})
    assert "r@munich.example" in [mail["To"] for mail in mails.mails[1:]]  # the old address is told


def test_a_password_change_needs_the_present_one(client: Client, mails: MailServer, now: datetime) -> None:
    person(now)
    sign_in(client)
    new = "another bridge 2026"
    client.post("/en/account/password/change/", {"oldpassword": "wrong", "password1": new})
    assert User.objects.get().check_password(PASSWORD)
    client.post("/en/account/password/change/", {"oldpassword": PASSWORD, "password1": new})
    assert User.objects.get().check_password(new)
    assert signed_in(client)


def test_with_a_second_factor_the_password_alone_does_not_open(
    client: Client, mails: MailServer, now: datetime
) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    somebody = person(now)
    TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(somebody).get_unused_codes()
    answer = sign_in(client, lang="de")
    assert not signed_in(client)
    assert "Zweiter Faktor" in page(client, answer.headers["Location"])
    client.post(answer.headers["Location"], {"code": "000000"})
    assert not signed_in(client)
    client.post(answer.headers["Location"], {"code": codes[0]})
    assert signed_in(client)


def test_no_page_of_sign_in_calls_a_german_reader_du(
    client: Client, mails: MailServer, now: datetime
) -> None:
    words = re.compile(r"\b(?:du|dich|dir|dein\w*)\b", re.IGNORECASE)
    strangers = [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "confirm-email/",
        "inactive/",
    ]
    signed = ["logout/", "email/", "password/change/", "2fa/", "reauthenticate/"]
    pages = [page(client, f"/de/account/{name}") for name in strangers]
    pages.append(page(client, "/de/account/password/reset/key/1-abc/"))
    person(now)
    pages.append(sign_in(client, password="wrong", lang="de").content.decode())
    sign_in(client)
    pages += [page(client, f"/de/account/{name}") for name in signed]
    pages.append(client.post("/de/account/password/change/", {}).content.decode())
    client.post("/de/account/reauthenticate/", {"password": PASSWORD})
    pages.append(client.post("/de/account/email/", {"email": "?", "action_add": ""}).content.decode())
    pages.append(page(client, "/de/account/2fa/totp/activate/"))
    for html in pages:
        assert "</main>" in html
        assert not words.search(html.split("<main", 1)[1]), html
