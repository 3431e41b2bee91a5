"""Saved searches tell of new answers only, with the rights of the day; one click ends them."""

from datetime import datetime, timedelta
from email.message import Message

import pytest
from django.test import Client
from pytest_django import Settings

from kakehashi import clock
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.matching import actions, jobs
from kakehashi.matching.actions import saving
from kakehashi.matching.models import Passed, SavedSearch
from kakehashi.records import actions as records
from kakehashi.records.models import Reading
from tests import cast
from tests.accounts.smtp import MailServer, mail_server, text
from tests.matching.test_desk import made
from tests.matching.test_pages import page

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mails(settings: Settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def work(now: datetime) -> None:
    """All that the worker does, once."""
    for job in jobs.jobs():
        if job.name.startswith("matching."):
            job.run(now)


def save(person: User, now: datetime, *, daily: bool = False, **filters: str) -> SavedSearch:
    return actions.save_search(person=person, text="Ribosomen", filters=filters, daily=daily, now=now)


def offer(now: datetime, title: str, audience: str = "public") -> cast.Record:
    record = cast.offer(now, title=title, audience=audience)
    work(now)
    return record


def subjects(mails: MailServer) -> list[Message]:
    return [mail["Subject"] for mail in mails.mails]


def test_only_what_comes_after_saving_is_told_and_each_only_once(now: datetime, mails: MailServer) -> None:
    offer(now, "Ribosomenfabrik")
    save(cast.user(Role.MEMBER, language="de"), now)
    work(now)
    assert mails.mails == []
    offer(now + HOUR, "Ribosomenpumpe")
    work(now + HOUR)
    assert subjects(mails) == ["1 neue Antwort: Ribosomen"]
    assert "Ribosomenpumpe" in text(mails.mails[0])
    assert "Ribosomenfabrik" not in text(mails.mails[0])


def test_a_record_that_answers_and_changes_is_not_told_again(now: datetime, mails: MailServer) -> None:
    save(cast.user(Role.MEMBER), now)
    record = offer(now, "Ribosomenfabrik")
    body = {**record.revisions.latest("number").body, "stage": "concept"}
    records.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now + HOUR)
    work(now + HOUR)
    assert len(mails.mails) == 1


def test_what_the_person_may_not_see_is_not_told_until_they_may(now: datetime, mails: MailServer) -> None:
    reader = cast.user(Role.READER)
    save(reader, now)
    record = offer(now, "Ribosomenfabrik", audience="members")
    assert mails.mails == []
    User.objects.filter(pk=reader.pk).update(is_active=False)
    records.set_level(viewer=cast.EDITOR, record_id=record.id, audience="public", now=now + HOUR)
    work(now + HOUR)
    assert mails.mails == []
    User.objects.filter(pk=reader.pk).update(is_active=True)
    work(now + 2 * HOUR)
    assert len(mails.mails) == 1


def test_daily_mails_come_once_a_day_with_all_that_came(now: datetime, mails: MailServer) -> None:
    save(cast.user(Role.MEMBER, language="en"), now, daily=True)
    offer(now + HOUR, "Ribosomenfabrik")
    offer(now + 2 * HOUR, "Ribosomenpumpe")
    assert mails.mails == []
    work(now + 25 * HOUR)
    assert subjects(mails) == ["2 new answers: Ribosomen"]
    offer(now + 26 * HOUR, "Ribosomenwerk")
    assert len(mails.mails) == 1
    work(now + 50 * HOUR)
    assert len(mails.mails) == 2


def test_filters_hold(now: datetime, mails: MailServer) -> None:
    save(cast.user(Role.MEMBER), now, kind="request")
    offer(now, "Ribosomenfabrik")
    assert mails.mails == []


def test_a_mail_that_fails_is_sent_later(now: datetime, mails: MailServer, settings: Settings) -> None:
    save(cast.user(Role.MEMBER), now)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    offer(now, "Ribosomenfabrik")
    settings.EMAIL_PORT = port
    work(now + HOUR)
    assert len(mails.mails) == 1


def test_one_click_ends_it_and_a_look_does_not(client: Client, now: datetime, mails: MailServer) -> None:
    save(cast.user(Role.MEMBER), now)
    offer(now, "Ribosomenfabrik")
    (mail,) = mails.mails
    address = mail["List-Unsubscribe"].strip("<>").partition("/en/")[2]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    assert "End the mails" in page(strict, f"/en/{address}")
    assert SavedSearch.objects.count() == 1
    assert strict.post(f"/en/{address}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert SavedSearch.objects.count() == 0
    assert strict.post(f"/en/{address}").status_code == 200


def test_a_search_is_saved_listed_and_ended_in_the_pages(client: Client) -> None:
    offer(clock.now(), "Ribosomenfabrik")
    client.force_login(cast.user(Role.READER))
    assert "Mail me new answers" in page(client, "/en/search/?q=Ribosomen&kind=offer")
    client.post("/en/search/save/", {"q": "Ribosomen", "kind": "offer", "how": "now"})
    client.post("/en/search/save/", {"q": "Ribosomen", "kind": "offer", "how": "day"})
    row = SavedSearch.objects.get()
    assert (row.filters, row.daily) == ({"kind": "offer"}, True)
    assert "?q=Ribosomen&amp;kind=offer" in page(client, "/en/search/saved/")
    client.post(f"/en/search/saved/end/{row.token}/", {"from": "list"})
    assert "You have saved no search yet." in page(client, "/en/search/saved/")
    client.logout()
    assert "Mail me new answers" not in page(client, "/en/search/?q=Ribosomen")


def test_a_search_asks_something_and_nobody_saves_without_end(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = cast.user(Role.READER)
    with pytest.raises(InvalidInput):
        actions.save_search(person=person, text=" ", filters={"kind": ""}, daily=True, now=now)
    monkeypatch.setattr(saving, "MOST", 1)
    save(person, now)
    save(person, now, daily=True)
    with pytest.raises(Conflict):
        save(person, now, kind="offer")


def test_who_is_passed_a_match_gets_one_mail_unless_it_can_no_longer_be_seen(
    now: datetime, mails: MailServer
) -> None:
    match = made(now, onward="members", tlp="GREEN")
    cast.user(Role.EDITOR, name="Erika Muster")
    member = cast.user(Role.MEMBER, match.own.owner, language="de")
    for words in ("Bitte <ansehen>", "Und noch etwas"):
        actions.pass_on(viewer=cast.EDITOR, match=match, person_id=member.pk, words=words, now=now)
    Passed.objects.filter(note="Und noch etwas").update(at=now - timedelta(days=4))
    actions.mail_passed(now=now)
    actions.mail_passed(now=now)
    assert subjects(mails) == ["Erika Muster gibt Ihnen einen Treffer weiter"]
    assert "Bitte <ansehen>" in text(mails.mails[0])
    assert f"/de/matches/{match.pk}/" in text(mails.mails[0])
    actions.pass_on(viewer=cast.EDITOR, match=match, person_id=member.pk, words="", now=now)
    Reading.objects.get(pk=match.other_id).passages.update(onward="none")
    actions.mail_passed(now=now)
    assert len(mails.mails) == 1
