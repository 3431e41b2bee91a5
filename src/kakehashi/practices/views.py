"""What is said of a practice: a part of its page, and the form to say more."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput, NotFound
from kakehashi.introductions.views.asking import own_organisations
from kakehashi.practices import actions, queries
from kakehashi.practices.forms import SayForm
from kakehashi.practices.labels import WAYS
from kakehashi.practices.thread import Key
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import address, titled
from kakehashi.ui.languages import reader_language


@require_GET
def for_record(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The part that a practice's page loads, or a page of its own without script."""
    reading = queries.practice(request.viewer, origin, record, request.now)
    speaks = queries.may_speak(request.viewer, reading, request.now)
    ways = {name: way for name, way in WAYS.items() if name != "answer"} if speaks else {}
    if reading.owner == request.viewer.organisation and not request.viewer.is_manager:
        ways = {name: way for name, way in ways.items() if name == "question"}
    context = {
        "reading": reading,
        "thread": queries.talk(request.viewer, reading, request.now),
        "ways": ways,
        "speaks": speaks,
        "crumbs": [(titled(reading).text, address(reading))],
    }
    return render(request, "practices/_talk.html" if request.htmx else "practices/talk.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def say(request: Request, origin: str, record: UUID, says: str) -> HttpResponse:
    """Ask, answer, endorse or tell of taking over."""
    reading = queries.practice(request.viewer, origin, record, request.now)
    if says not in WAYS or not queries.may_speak(request.viewer, reading, request.now):
        raise NotFound(f"{says} of {origin}/{record}")
    organisations = own_organisations(request)
    form = SayForm(request.POST or None, says=says, organisations=organisations)
    if request.method == "POST" and form.is_valid() and _said(request, reading, says, form, organisations):
        messages.success(request, str(WAYS[says].done))
        return redirect(address(reading))
    context = {
        "form": form,
        "reading": reading,
        "way": WAYS[says],
        "question": _question(request),
        "crumbs": [(titled(reading).text, address(reading))],
    }
    return render(request, "practices/say.html", context)


def _said(
    request: Request, reading: Reading, says: str, form: SayForm, organisations: list[tuple[str, str]]
) -> bool:
    """Whether it was said; if not, the form tells why."""
    only = UUID(organisations[0][0]) if organisations else None
    try:
        actions.say(
            viewer=request.viewer,
            practice=reading,
            says=says,
            words=form.words(reader_language()),
            organisation=form.cleaned_data.get("organisation") or only,
            question=_question(request),
            now=request.now,
        )
    except InvalidInput as refused:
        form.refuse(refused.problems)
    except Conflict:
        form.add_error(
            None, _("This practice is your organisation’s own. Others can endorse it or take it over.")
        )
    return form.is_valid()


def _question(request: Request) -> Key | None:
    """The question that is answered, as the address names it: node/id."""
    node, _slash, id = request.GET.get("question", "").partition("/")
    return (node, id) if node and id else None
