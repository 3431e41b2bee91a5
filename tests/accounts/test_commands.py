"""`kakehashi person` on the command line."""

import pytest
import typer
from typer.testing import CliRunner

from kakehashi import clock
from kakehashi.accounts import commands
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role
from kakehashi.audit.models import Entry
from kakehashi.errors import InvalidInput
from tests import cast

pytestmark = pytest.mark.django_db
PASSWORD = "a bridge of words 2026"


def run(*arguments: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> str:
    app = typer.Typer()
    commands.mount(app)
    done = CliRunner().invoke(app, list(arguments), input=typed)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_the_first_person_of_a_node_is_made_with_the_password_they_type() -> None:
    assert "role operator" in run("You@biom.example", "--role", "operator")
    somebody = User.objects.get(email="you@biom.example")
    assert somebody.role == Role.OPERATOR
    assert somebody.check_password(PASSWORD)
    assert Entry.objects.get().actor == "command line"


def test_somebody_who_is_there_gets_the_role_and_is_not_asked_for_a_password() -> None:
    run("you@biom.example")
    assert "has the role editor now" in run("you@biom.example", "--role", "editor", typed="")
    assert User.objects.get().check_password(PASSWORD)


def test_a_member_is_tied_to_the_organisation_that_is_named() -> None:
    owner = cast.organisation(clock.now())
    run("m@biom.example", "--role", "member", "--organisation", "isar biologics gmbh")
    assert User.objects.get().organisation == owner.id


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [
        (["not an address"], None),
        (["x@biom.example", "--role", "king"], None),
        (["x@biom.example", "--role", "member"], None),
        (["x@biom.example", "--organisation", "Nobody Ltd"], None),
        (["x@biom.example"], "short\nshort\n"),
    ],
    ids=["address", "role", "member without organisation", "unknown organisation", "weak password"],
)
def test_what_is_wrong_is_refused_and_nobody_is_made(arguments: list[str], typed: str | None) -> None:
    with pytest.raises(InvalidInput):
        run(*arguments, **({} if typed is None else {"typed": typed}))
    assert not User.objects.exists()
