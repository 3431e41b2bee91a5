"""Which node this process is: the one place, beside settings.py, that reads it from Django's settings."""

from django.conf import settings

from kakehashi.errors import NodeMisconfigured
from kakehashi.node import Node


def node() -> Node:
    """The node that KAKEHASHI_NODE names."""
    if settings.NODE is None:
        raise NodeMisconfigured("KAKEHASHI_NODE is not set")
    return settings.NODE
