"""The command `kakehashi person`: somebody is added, or gets another role."""

from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kakehashi import clock, this
from kakehashi.accounts import queries
from kakehashi.accounts.actions import ensure_person
from kakehashi.accounts.organisations import meant
from kakehashi.accounts.ports import organisations
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.errors import InvalidInput
from kakehashi.options import NodeOption

COMMAND_LINE = Viewer(role=Role.OPERATOR, actor="command line")
NAMES = {role.name.lower(): role for role in Role if role > Role.PUBLIC}


def mount(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(person)


def person(
    email: Annotated[str, typer.Argument(help="The e-mail address that the person signs in with.")],
    role: Annotated[str, typer.Option(help="One of " + ", ".join(NAMES) + ".")] = "reader",
    name: Annotated[str, typer.Option(help="As colleagues know them.")] = "",
    organisation: Annotated[str, typer.Option(help="Name or record id; members need one.")] = "",
    node: NodeOption = None,
) -> None:
    """Add somebody, who is then asked for a password here, or give somebody another role.

    Example: kakehashi person you@biom.example --role operator --node biom
    """
    wanted = NAMES.get(role)
    if wanted is None:
        raise InvalidInput({"role": ["one of " + ", ".join(NAMES)]})
    new = queries.by_address(email) is None
    tied = meant(organisation, organisations(COMMAND_LINE, clock.now())) if organisation else []
    if len(tied) != bool(organisation) or (wanted is Role.MEMBER and not tied):
        raise InvalidInput(
            {"organisation": [f"«{organisation}» means {len(tied)} organisations of this node"]}
        )
    ensure_person(
        viewer=COMMAND_LINE,
        email=_checked(email),
        role=wanted,
        now=clock.now(),
        password=_password() if new else None,
        organisation=tied[0].id if tied else None,
        language=this.node().language,
        name=name,
    )
    typer.echo(
        f"{email.lower()} is here now, role {role}." if new else f"{email.lower()} has the role {role} now."
    )


def _checked(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as problem:
        raise InvalidInput({"email": list(problem.messages)}) from problem
    return email


def _password() -> str:
    password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        validate_password(password)
    except ValidationError as problem:
        raise InvalidInput({"password": list(problem.messages)}) from problem
    return password
