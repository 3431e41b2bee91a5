"""What the pages of a mission share."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi.accounts.request import Request
from kakehashi.missions import queries, shown
from kakehashi.missions.bodies import Key
from kakehashi.missions.queries import Mission
from kakehashi.missions.shown import Name


def names(request: Request, of: Mission) -> dict[Key, Name]:
    """All participants as this reader calls them."""
    return shown.names(of, queries.names(request.viewer, of, request.now))


def one(request: Request, origin: str, mission: UUID) -> Mission:
    """The mission of an address."""
    return queries.mission(request.viewer, origin, mission, request.now)


def context(of: Mission, **more: Any) -> dict[str, Any]:
    """What each template gets: the mission, its title, the way back to it."""
    title = shown.title(of.programme)
    way = [(_("Missions"), reverse("missions:index"))]
    below = [*way, (title.text, where("missions:mission", of))]
    return {"mission": of, "title": title, "crumbs": below if more.pop("below", True) else way, **more}


def where(name: str, of: Mission, *arguments: object) -> str:
    """The address of a page of this mission."""
    return reverse(name, args=[*of.programme.key, *arguments])
