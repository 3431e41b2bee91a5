"""`kakehashi keys …`, the pages about keys, and what about keys is said to need a person."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kakehashi import clock, this
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import WORKER, Role
from kakehashi.agreements import actions as agreements
from kakehashi.agreements import own as agreements_own
from kakehashi.agreements.models import Partner
from kakehashi.errors import Conflict, InvalidInput, KakehashiError, NotFound
from kakehashi.exchange.actions import keysets
from kakehashi.exchange.keys import health, words
from kakehashi.exchange.keys import queries as key_queries
from kakehashi.exchange.keys.commands import app
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import KeySetVersion
from kakehashi.signing.keyring import write_key
from kakehashi.signing.keys import PrivateKey, fingerprint
from tests import cast
from tests.exchange.origin import HERE, THERE, Keys
from tests.exchange.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """Commands and pages read the clock themselves, so these tests live in the present."""
    return clock.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def fresh_folder(settings: Any, tmp_path: Path) -> None:
    settings.NODE = replace(settings.NODE, folder=tmp_path / "munich")


@pytest.fixture
def offline(now: datetime, settings: Any, tmp_path: Path) -> Path:
    """A node in agreement that is no demonstration; gives the file of its root key, elsewhere."""
    world = World(now)
    (this.node().key_folder / "root.key").unlink()
    settings.NODE = replace(settings.NODE, demo=False)
    agreements_own.keep_root_keys(this.node(), [world.origin.here.root.public])
    path = tmp_path / "root.key"
    write_key(path, world.origin.here.root)
    return path


def run(*arguments: object, code: int = 0) -> str:
    """What the command prints; its errors are raised as the command line's entry point would see them."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, KakehashiError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def latest() -> KeySet:
    found = keysets.latest(HERE)
    assert found is not None
    return found


# commands


def test_a_rotation_goes_to_the_root_key_and_back_as_one_plain_file(offline: Path, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    run("rotate", "record", "log", "--out", request)
    assert latest().version == 1
    with pytest.raises(Conflict, match=r"1 signature\(s\) of root keys are missing"):
        run("publish", request)
    run("sign-offline", request, "--key", offline, "--yes")
    assert "Published version 2" in run("publish", request)
    names = {name.partition("#")[2] for name in latest().keys}
    assert names == {"rec-1", "rec-2", "log-1", "log-2", "http-1"}


def test_a_request_is_signed_on_a_machine_without_any_node(offline: Path, tmp_path: Path) -> None:
    request, home = tmp_path / "request.json", tmp_path / "elsewhere"
    home.mkdir()
    run("renew", "--out", request)
    command = [sys.executable, "-m", "kakehashi", "keys", "sign-offline", request, "--key", offline, "--yes"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAKEHASHI")}
    done = subprocess.run(
        command, env={**kept, "KAKEHASHI_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "valid until" in done.stderr
    assert not list(home.iterdir())
    assert "Published version 2" in run("publish", request)


def test_the_keeper_of_the_root_key_is_asked_and_may_say_no(offline: Path, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    run("rotate", "http", "--out", request)
    before = request.read_bytes()
    answer = CliRunner().invoke(app, ["sign-offline", str(request), "--key", str(offline)], input="n\n")
    assert answer.exit_code == 1
    assert "new http key http-2" in answer.stderr
    assert request.read_bytes() == before


def test_new_roots_are_signed_by_their_keepers_one_after_the_other(offline: Path, tmp_path: Path) -> None:
    request, new = tmp_path / "request.json", [PrivateKey.generate(), PrivateKey.generate()]
    paths = []
    for number, key in enumerate(new):
        paths.append(tmp_path / f"new-{number}.key")
        write_key(paths[-1], key)
    wanted = [word for key in new for word in ("--key", key.public)]
    run("rotate-root", *wanted, "--threshold", 2, "--out", request)
    for path in (offline, *paths):
        run("sign-offline", request, "--key", path, "--yes")
    run("publish", request)
    assert latest().threshold == 2
    assert set(agreements_own.root_keys(this.node())) == {key.public for key in new}
    with pytest.raises(Conflict, match="cannot give 3"):
        run("rotate-root", *wanted, "--threshold", 3, "--out", request)


def test_in_the_demonstration_a_key_is_revoked_at_once(now: datetime) -> None:
    world = World(now)
    assert "Published version 2" in run("revoke", "rec-1", "--last-good", f"{world.ours.name}=0")
    (row,) = latest().revoked.values()
    assert row["last_good"] == [{"channel": world.ours.name, "i": 0}]
    with pytest.raises(Conflict, match="keeps its root key"):
        run("rotate-root", "--key", PrivateKey.generate().public)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["rotate", "root"], InvalidInput),
        (["revoke", "rec-7"], NotFound),
        (["revoke", "rec-1", "--last-good", "nonsense"], InvalidInput),
        (["sign-offline", "no-such-file", "--key", "x"], NotFound),
        (["publish", "no-such-file"], NotFound),
        (["list", "--of", "nowhere.example"], NotFound),
        (["confirm-root", THERE, "--fingerprint", "x"], Conflict),
        (["confirm-root", "nowhere.example", "--fingerprint", "x"], NotFound),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    now: datetime, arguments: list[str], error: type[KakehashiError]
) -> None:
    World(now)
    with pytest.raises(error):
        run(*arguments)
    assert latest().version == 1


def test_the_list_is_for_people_and_programs_and_its_exit_code_tells_of_alarms(now: datetime) -> None:
    World(now)
    said = run("list")
    assert "rec-1" in said
    assert "signs" in said
    found = json.loads(run("list", "--json"))
    assert found["alarms"] == []
    assert found["keys"]["not_after"] == f"{now + 400 * DAY:%Y-%m-%dT%H:%M:%SZ}"
    assert [key["name"] for key in found["keys"]["keys"]] == ["rec-1", "log-1", "http-1"]
    KeySetVersion.objects.filter(node=THERE).update(fetched_at=now - 3 * DAY)
    found = json.loads(run("list", "--of", THERE, "--json", code=1))
    assert [alarm["code"] for alarm in found["alarms"]] == ["unfetched"]
    assert found["keys"]["node"] == THERE


@pytest.mark.parametrize(
    "command", app.registered_commands, ids=lambda command: str(command.callback.__name__)
)
def test_each_command_says_of_itself_how_it_is_called(command: Any) -> None:
    name = command.name or command.callback.__name__
    assert f"Example: kakehashi keys {name}" in command.callback.__doc__


# what needs a person


@given(st.integers(0, 500 * 24), st.integers(0, 500 * 24), st.booleans())
def test_the_alarm_of_a_partner_is_that_of_the_moment(hours: int, fetched: int, proposed: bool) -> None:
    start = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    keys = Keys(THERE).keyset(start)
    at, now = start + timedelta(hours=min(hours, fetched)), start + timedelta(hours=hours)
    codes = [a.code for a in health.of_partner(THERE, keys, at, proposed=proposed, now=now)]
    assert ("root-changed" in codes) is proposed
    rest = [code for code in codes if code != "root-changed"]
    honoured = keys.honoured_until(at) > now
    assert len(rest) <= 1
    assert honoured is not bool({"stale", "ended"} & set(rest))
    if not rest:
        assert now - at < 2 * DAY
        assert keys.not_after - now > 14 * DAY


@pytest.mark.parametrize(
    ("days", "code"), [(0, ""), (339, ""), (340, "own-ending"), (399, "own-ending"), (400, "own-ended")]
)
def test_the_end_of_this_nodes_keys_is_announced_sixty_days_before(days: int, code: str) -> None:
    start = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
    keys = Keys(HERE).keyset(start)
    assert [a.code for a in health.of_own(HERE, keys, start + days * DAY)] == ([code] if code else [])
    assert [a.code for a in health.of_own(HERE, None, start)] == ["own-missing"]


def test_a_node_without_a_root_key_needs_no_reminder() -> None:
    assert key_queries.alarms(WORKER, clock.now()) == []


def test_every_alarm_has_its_sentence() -> None:
    source = Path(health.__file__).read_text("utf-8") + Path(key_queries.__file__).read_text("utf-8")
    assert set(re.findall(r'Alarm\("([a-z-]+)"', source)) == set(words.ALARMS)


# pages


def visitor(role: Role | None) -> Client:
    client = Client()
    if role is not None:
        found = User.objects.filter(role=role.value).first() or cast.user(role)
        client.force_login(found, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(role: Role | None, path: str, lang: str = "en", **headers: str) -> str:
    answer = visitor(role).get(f"/{lang}/{path}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("lang", ["de", "ja", "en"])
def test_the_pages_show_both_nodes_keys_in_three_languages(now: datetime, lang: str) -> None:
    world = World(now)
    run("rotate", "record")
    run("revoke", "http-1", "--superseded")
    mine = page(Role.EDITOR, "exchange/keys/", lang)
    for word in ("rec-1", "rec-2", "http-2", fingerprint(world.origin.here.root.public)):
        assert word in mine
    theirs = page(Role.MANAGER, f"exchange/keys/{THERE}/", lang)
    assert fingerprint(world.origin.keys.log.public) in theirs
    sentence = {"de": "signiert jetzt", "ja": "署名に使用中", "en": "signs now"}[lang]
    assert sentence in mine
    assert sentence in theirs
    assert "<html" in theirs
    part = page(Role.OPERATOR, f"exchange/keys/{THERE}/", lang, **{"HX-Request": "true"})
    assert "<html" not in part


def test_the_page_of_a_partner_leads_to_its_keys(now: datetime) -> None:
    World(now)
    assert f'hx-get="/en/exchange/keys/{THERE}/"' in page(Role.EDITOR, f"agreements/partners/{THERE}/")
    assert 'href="/en/exchange/keys/"' in page(Role.MANAGER, "agreements/partners/")


def test_alarms_about_keys_stand_on_the_page_of_the_exchange_for_the_team_alone(now: datetime) -> None:
    World(now)
    KeySetVersion.objects.filter(node=THERE).update(fetched_at=now - 8 * DAY)
    sentence = str(words.ALARMS["stale"]).replace("'", "&#x27;")
    assert sentence in page(Role.EDITOR, "exchange/")
    for role in (None, Role.READER, Role.MEMBER):
        assert sentence not in page(role, "exchange/")


def test_a_new_root_is_confirmed_on_the_page_after_comparing_only(now: datetime) -> None:
    World(now)
    new = PrivateKey.generate()
    agreements.propose_roots(node=THERE, roots=[new.public], now=now)
    shown = page(Role.MANAGER, f"exchange/keys/{THERE}/")
    assert fingerprint(new.public) in shown
    assert "Confirm the new root key" not in page(Role.EDITOR, f"exchange/keys/{THERE}/")
    client = visitor(Role.MANAGER)
    path = f"/en/exchange/keys/{THERE}/confirm/"
    for refused in ({"fingerprint": fingerprint(new.public)}, {"compared": "on", "fingerprint": "0000"}):
        client.post(path, refused)
        assert Partner.objects.get(pk=THERE).proposed_roots == [new.public]
    answer = client.post(path, {"compared": "on", "fingerprint": fingerprint(new.public)})
    assert answer.headers["Location"] == f"/en/agreements/partners/{THERE}/"
    found = Partner.objects.get(pk=THERE)
    assert (found.root_keys, found.proposed_roots) == ([new.public], [])
