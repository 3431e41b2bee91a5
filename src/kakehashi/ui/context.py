"""What every template knows: the node, who looks, when, and the ways from here."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kakehashi import clock, this
from kakehashi.ui import navigation
from kakehashi.ui.languages import address_in


def page(request: HttpRequest) -> dict[str, Any]:
    """`node`, `viewer`, `now`, `languages` ([(code, name, address)]), `navigation` (Items)."""
    address = request.get_full_path()
    return {
        "node": this.node(),
        "viewer": getattr(request, "viewer", None),
        "now": getattr(request, "now", None) or clock.now(),
        "languages": [(code, name, address_in(address, code)) for code, name in settings.LANGUAGES],
        "navigation": navigation.pages(request),
    }
