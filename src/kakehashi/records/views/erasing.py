"""The page on which a manager erases a person, earlier wordings or a whole record."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kakehashi import this
from kakehashi.accounts.request import Request
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import actions, queries
from kakehashi.records.forms import EraseForm
from kakehashi.records.templatetags.readings import titled


def erase(request: Request, origin: str, record: UUID) -> HttpResponse:
    """What there is to erase, on what basis, and what will happen; done once it is confirmed."""
    if origin != this.node().name:
        raise NotFound(f"{origin}/{record}")
    own = queries.own_record(request.viewer, record)
    if not request.viewer.is_manager:
        raise NotAllowed("records.erase")
    reading = queries.get(request.viewer, origin, record, request.now)
    form = EraseForm(request.POST or None, scopes=queries.erasable(request.viewer, own))
    if request.method == "POST" and form.is_valid():
        scope, basis = form.cleaned_data["scope"], form.cleaned_data["basis"]
        actions.erase(viewer=request.viewer, record_id=own.id, scope=scope, basis=basis, now=request.now)
        messages.success(request, _("Erased here. Below stands which partner has confirmed it."))
        return redirect(f"{reverse('exchange:recalls')}?record={record}")
    back = (titled(reading).text, reverse("records:record", args=[origin, record]))
    context = {
        "form": form,
        "reading": reading,
        "crossed": reading.passages.exists(),
        "owned": actions.owned(own).count(),
        "crumbs": [(_("Our records"), reverse("records:own")), back],
    }
    return render(request, "records/erase.html", context)
