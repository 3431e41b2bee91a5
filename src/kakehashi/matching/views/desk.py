"""What is done with a match: shortlisted, dismissed, taken back, passed on to a colleague."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kakehashi.accounts.request import Request
from kakehashi.errors import InvalidInput
from kakehashi.matching import actions, queries

SAID = {
    "": gettext_lazy("The match is open again."),
    "shortlisted": gettext_lazy("The match is on the shortlist."),
    "dismissed": gettext_lazy("The match is dismissed. You can take that back at any time."),
}


@require_POST
def decide(request: Request, key: int) -> HttpResponse:
    """`says` (empty: take it back), with `reason` for a dismissal; back to where the form stood."""
    found = queries.match(request.viewer, key, request.now)
    says, reason = request.POST.get("says", "")[:20], request.POST.get("reason", "")[:30]
    try:
        actions.decide(viewer=request.viewer, match=found, says=says, reason=reason, now=request.now)
    except InvalidInput:
        messages.error(request, _("Please choose a reason."))
    else:
        messages.success(request, SAID[says])
    return redirect(_back(request, key))


@require_POST
def pass_on(request: Request, key: int) -> HttpResponse:
    """`to` (a person's key) and `note`."""
    found = queries.match(request.viewer, key, request.now)
    to, words = request.POST.get("to", ""), " ".join(request.POST.get("note", "").split())
    person = int(to) if to.isdecimal() and len(to) < 10 else 0
    try:
        actions.pass_on(viewer=request.viewer, match=found, person_id=person, words=words, now=request.now)
    except InvalidInput:
        messages.error(request, _("Please choose a colleague."))
    else:
        messages.success(request, _("Passed on. It is now among the matches of your colleague."))
    return redirect(_back(request, key))


def _back(request: Request, key: int) -> str:
    asked = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return f"{reverse('matching:match', args=[key])}#decide"
