"""The request as every view of ours gets it: with the viewer, the one reading of the clock, and htmx."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Viewer


class Request(HttpRequest):
    """Set by `accounts.middleware` and django-htmx. `user` is a User wherever sign-in is required."""

    viewer: Viewer
    now: datetime
    htmx: HtmxDetails
    user: User
