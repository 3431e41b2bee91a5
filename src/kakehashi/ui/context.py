"""What every template knows: the node, and the languages with the address of this page in each."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kakehashi import this
from kakehashi.ui.languages import address_in
from kakehashi.ui.navigation import navigation


def page(request: HttpRequest) -> dict[str, Any]:
    """`node`, `languages` ([(code, name, address)]), `viewer`, `now`."""
    address = request.get_full_path()
    return {
        "node": this.node(),
        "languages": [(code, name, address_in(address, code)) for code, name in settings.LANGUAGES],
        "navigation": navigation(request),
        "viewer": getattr(request, "viewer", None),
        "now": getattr(request, "now", None),
    }
