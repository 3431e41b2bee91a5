"""The people who may sign in to a demonstration node, one for each role."""

from typing import NamedTuple

from kakehashi.accounts.viewer import Role

PASSWORD = "bridge-2026"  # noqa: S105  # printed on the terminal by `kakehashi up --demo`
LANGUAGES = {"munich": "de", "osaka": "ja"}
ROLES = (Role.READER, Role.MEMBER, Role.EDITOR, Role.MANAGER, Role.OPERATOR)


class Person(NamedTuple):
    """Somebody as `accounts.actions.ensure_person` takes them; unpacks as (role, email, password)."""

    role: Role
    email: str
    password: str


def people(side: str) -> list[Person]:
    """The sign-ins of one side, such as manager@munich.example, in rising order of rights."""
    return [Person(role, f"{role.name.lower()}@{side}.example", PASSWORD) for role in ROLES]


def language(side: str) -> str:
    """The language in which the people of one side read."""
    return LANGUAGES.get(side, "en")
