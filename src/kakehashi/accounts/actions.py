"""Changes to people; pages, command line and the demonstration all call these."""

import hashlib
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from kakehashi.accounts import ports, queries
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.audit import actions as audit
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, NotAllowed


@transaction.atomic
def ensure_person(
    *,
    viewer: Viewer,
    email: str,
    role: Role,
    now: datetime,
    password: str | None = None,
    organisation: UUID | None = None,
    language: str = "en",
    name: str = "",
) -> User:
    """Somebody with this role and organisation, made if not there; name and password of those there stay.

    For the command line and the demonstration: the address counts as confirmed. NotAllowed unless `viewer`
    is a manager, or if `role` is above the viewer's.
    """
    _may_give(viewer, role)
    found = User.objects.select_for_update().filter(email=email.lower()).first()
    if found is None:
        found = User.objects.create_user(email, password, name=name, language=language, joined=now)
    elif (found.role, found.organisation) == (role.value, organisation):
        return found
    found.role, found.organisation = role.value, organisation
    found.save()
    _confirm(found)
    note(at=now, actor=viewer.actor, action="accounts.ensure", object=found.email, role=role.name.lower())
    return found


@transaction.atomic
def invite(
    *,
    viewer: Viewer,
    email: str,
    role: Role,
    organisation: UUID | None,
    language: str,
    name: str,
    now: datetime,
) -> User:
    """Somebody who may sign in once they have chosen a password by the link that the caller sends them.

    Conflict if that address has been confirmed by somebody already. An account that was opened in its name
    and never confirmed is taken over: whatever password it had is void.
    """
    _may_give(viewer, role)
    person = User.objects.select_for_update().filter(email=email.lower()).first()
    if person is not None and EmailAddress.objects.filter(user=person, verified=True).exists():
        raise Conflict("accounts.invite")
    if person is None:
        person = User.objects.create_user(email, joined=now)
    person.set_unusable_password()
    person.name, person.language, person.is_active = name, language, True
    person.role, person.organisation = role.value, organisation
    person.save()
    _confirm(person)  # nobody gets in but by the link that goes to this address
    note(at=now, actor=viewer.actor, action="accounts.invite", object=person.email, role=role.name.lower())
    return person


@transaction.atomic
def place(*, viewer: Viewer, person_id: int, role: Role, organisation: UUID | None, now: datetime) -> User:
    """Give somebody a role and tie them to an organisation.

    Conflict if nobody could manage this node then, or if more than reading were given to an address that
    nobody has confirmed.
    """
    person = _theirs(viewer, person_id)
    _may_give(viewer, role)
    if role < Role.MANAGER:
        _keep_a_manager(person)
    if role > Role.READER and not EmailAddress.objects.filter(user=person, verified=True).exists():
        raise Conflict("accounts.unconfirmed")
    person.role, person.organisation = role.value, organisation
    person.save()
    note(
        at=now,
        actor=viewer.actor,
        action="accounts.place",
        object=person.email,
        role=role.name.lower(),
        organisation=organisation and str(organisation),
    )
    return person


def organisation_gone(*, organisation: UUID, actor: str, now: datetime) -> int:
    """An organisation was erased: whoever belonged to it may only read from now on; how many."""
    people = list(User.objects.select_for_update().filter(organisation=organisation))
    for person in people:
        person.organisation = None
        person.role = Role.READER.value if person.role == Role.MEMBER else person.role
        person.save(update_fields=["organisation", "role"])
        facts = {"role": Role(person.role).name.lower(), "organisation": None}
        note(at=now, actor=actor, action="accounts.place", object=person.email, **facts)
    return len(people)


@transaction.atomic
def set_active(*, viewer: Viewer, person_id: int, active: bool, now: datetime) -> User:
    """Shut somebody out, at once and everywhere they are signed in, or let them in again."""
    person = _theirs(viewer, person_id)
    if not active:
        _keep_a_manager(person)
    person.is_active = active
    person.save()
    note(
        at=now,
        actor=viewer.actor,
        action="accounts.reactivate" if active else "accounts.deactivate",
        object=person.email,
    )
    return person


@transaction.atomic
def describe_self(*, person: User, name: str, language: str, now: datetime) -> None:
    """The own name, and the language of the mails that one gets."""
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])
    note(at=now, actor=person.email, action="accounts.settings", object=person.email)


@transaction.atomic
def leave(*, person: User, now: datetime) -> str:
    """Delete the own account (GDPR art. 17). What was done stays in the audit under a pseudonym, given back.

    Conflict for the last manager.
    """
    _keep_a_manager(person)
    every = queries.addresses(person)
    digest = hashlib.sha256(f"{person.pk} {now.isoformat()}".encode()).hexdigest()
    pseudonym = f"former person {digest[:12]}"
    audit.forget(actors=every, pseudonym=pseudonym)
    for traces in ports.traces():
        traces.forget(every, pseudonym)
    person.delete()
    note(at=now, actor=pseudonym, action="accounts.leave", object=pseudonym)
    return pseudonym


def _may_give(viewer: Viewer, role: Role) -> None:
    if not viewer.is_manager or role > viewer.role:
        raise NotAllowed("accounts.role")


def _theirs(viewer: Viewer, person_id: int) -> User:
    person = queries.person(viewer, person_id)
    return User.objects.select_for_update().get(pk=person.pk)


def _keep_a_manager(person: User) -> None:
    """Conflict if `person` is the last who can manage this node; holds the others fast until the commit."""
    others = queries.other_managers(person).select_for_update()
    if person.role >= Role.MANAGER and person.is_active and not list(others):
        raise Conflict("accounts.last-manager")


def _confirm(person: User) -> None:
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
