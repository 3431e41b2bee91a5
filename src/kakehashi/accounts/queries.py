"""Reads of people; only managers see others, everybody sees what is kept about themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.accounts import ports
from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import PUBLIC, Role, Viewer
from kakehashi.audit import queries as audit
from kakehashi.errors import NotAllowed, NotFound


def people(viewer: Viewer, words: str = "") -> QuerySet[User]:
    """All people of this node with `confirmed`, whose name or address contains `words`."""
    if not viewer.is_manager:
        raise NotAllowed("accounts.people")
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
    rows = User.objects.annotate(confirmed=Exists(confirmed))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return rows.order_by("-role", "name", "email")


def person(viewer: Viewer, person_id: int) -> User:
    """One of the people that `viewer` may change: nobody with more rights than the own."""
    found = people(viewer).filter(pk=person_id, role__lte=viewer.role).first()
    if found is None:
        raise NotFound(f"person {person_id}")
    return found


def by_address(email: str) -> User | None:
    """Whoever has that e-mail address here, confirmed or not; for sign-in and its mails."""
    return User.objects.filter(Q(email=email.lower()) | Q(emailaddress__email=email.lower())).first()


def viewer_of(user: object) -> Viewer:
    """The viewer for a signed-in person, or the public."""
    if not isinstance(user, User):  # AnonymousUser
        return PUBLIC
    return Viewer(role=Role(user.role), organisation=user.organisation, actor=user.email)


def colleagues(viewer: Viewer, organisation: UUID | None) -> QuerySet[User]:
    """Whom `viewer` works with: the cluster's team and the members of an organisation, oneself left out.

    For a member that is the own organisation, whatever is asked for.
    """
    if not viewer.is_member:
        raise NotAllowed("accounts.colleagues")
    theirs = organisation if viewer.is_staff else viewer.organisation
    belong = Q(role__gte=Role.EDITOR) | Q(role=Role.MEMBER, organisation=theirs, organisation__isnull=False)
    rows = User.objects.filter(belong, is_active=True).exclude(email=viewer.actor)
    return rows.order_by("name", "email")


def names(addresses: Iterable[str]) -> dict[str, str]:
    """What the people with these addresses are called, where they are here and have said it."""
    rows = User.objects.filter(email__in=set(addresses)).exclude(name="")
    return dict(rows.values_list("email", "name"))


def managers() -> QuerySet[User]:
    """Who manages this node; for mails that it sends by itself."""
    return User.objects.filter(is_active=True, role__gte=Role.MANAGER).order_by("email")


def members_of(organisation: UUID | None) -> QuerySet[User]:
    """The members of an organisation; for mails that this node sends by itself."""
    rows = User.objects.filter(is_active=True, role=Role.MEMBER, organisation__isnull=False)
    return rows.filter(organisation=organisation).order_by("email")


def other_managers(person: User) -> QuerySet[User]:
    """Who could manage this node if `person` could not."""
    return managers().exclude(pk=person.pk)


def organisation_names(
    viewer: Viewer, people: Iterable[User], now: datetime, language: str
) -> dict[UUID | None, str]:
    """The names of the organisations that these people belong to, by record id."""
    wanted = {person.organisation for person in people if person.organisation}
    found = ports.organisations(viewer, now, wanted) if wanted else []
    return {one.id: one.name(language) for one in found}


def second_factors(person: User) -> list[str]:
    """What sign-in asks for beside the password: "totp", "recovery_codes"."""
    return list(Authenticator.objects.filter(user=person).order_by("type").values_list("type", flat=True))


def addresses(person: User) -> list[str]:
    """Every e-mail address that a person had here, the present one first."""
    return [person.email, *audit.earlier_addresses(person.email)]


def kept_about(person: User) -> dict[str, Any]:
    """All that this node keeps about somebody, as plain values (GDPR art. 15 and 20; APPI art. 33)."""
    every = addresses(person)
    return {
        "account": {
            "email": person.email,
            "earlier_addresses": every[1:],
            "name": person.name,
            "role": Role(person.role).name.lower(),
            "organisation": person.organisation and str(person.organisation),
            "language": person.language,
            "joined": person.joined.isoformat(),
            "last_sign_in": person.last_login and person.last_login.isoformat(),
            "second_factor": second_factors(person),
        },
        "done": audit.of_actors(every),
        **{traces.name: traces.found(every) for traces in ports.traces()},
    }
