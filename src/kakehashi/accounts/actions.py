"""Changes to people; pages, command line and the demonstration all call these."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import NotAllowed


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
    if not viewer.is_manager or role > viewer.role:
        raise NotAllowed("accounts.ensure")
    found = User.objects.select_for_update().filter(email=email.lower()).first()
    if found is None:
        found = User.objects.create_user(email, password, name=name, language=language, role=role.value)
        found.organisation, found.joined = organisation, now
    elif (found.role, found.organisation) == (role.value, organisation):
        return found
    found.role, found.organisation = role.value, organisation
    found.save()
    EmailAddress.objects.update_or_create(
        user=found, email=found.email, defaults={"verified": True, "primary": True}
    )
    note(at=now, actor=viewer.actor, action="accounts.ensure", object=found.email, role=role.name.lower())
    return found
