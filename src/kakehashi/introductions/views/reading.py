"""The board, one introduction as a thread, and its meeting for a calendar."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.accounts.request import Request
from kakehashi.errors import Conflict, InvalidInput, NotAllowed
from kakehashi.introductions import actions, calendar, meetings, queries, shown
from kakehashi.introductions.forms import StepForm
from kakehashi.introductions.moves import Move
from kakehashi.introductions.views.steps import take
from kakehashi.ui.languages import reader_language

PER_PAGE = 30


@login_required
@require_GET
def board(request: Request) -> HttpResponse:
    """What waits for me, what waits for others, what is over."""
    if not queries.has_a_part(request.viewer):
        raise NotAllowed("introductions.board")
    heads = queries.board(request.viewer, request.now)
    over = Paginator(heads["closed"], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "me": heads["me"],
        "to_word": queries.asked_for(request.viewer, request.now) if request.viewer.is_manager else [],
        "them": heads["them"],
        "page": over,
        "none": not any(heads.values()),
    }
    return render(request, "introductions/board.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def thread(request: Request, asker: str, interest: UUID) -> HttpResponse:
    """One introduction from the record to the outcome; `do` in a form names the step that is taken."""
    found = queries.one(request.viewer, asker, interest, request.now)
    refused: tuple[Move, StepForm] | None = None
    if request.method == "POST":
        move = _move(request)
        form = shown.bound(request, found, move)
        if move in found.moves and form.is_valid():
            try:
                take(request, found, move, form)
            except InvalidInput as problem:
                form.refuse(problem.problems)
            else:
                messages.success(request, _("Done. The other side hears of it as soon as its node asks."))
                return redirect("introductions:thread", asker, interest)
        elif move not in found.moves:
            raise Conflict(f"introductions.{move}")
        refused = (move, form)
    viewer = request.viewer
    to = None if viewer.is_manager else viewer.organisation
    actions.shown(found=found, to=to, language=reader_language(), now=request.now)
    return render(request, "introductions/thread.html", shown.page_of(request, found, refused))


@login_required
@require_GET
def invitation(request: Request, asker: str, interest: UUID, meeting: UUID) -> HttpResponse:
    """One meeting as a file that calendars open."""
    found = queries.one(request.viewer, asker, interest, request.now)
    made = meetings.meeting(found, meeting, shown.address(found, request))
    data = calendar.invitation(made, request.now)
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer


def _move(request: Request) -> Move:
    try:
        return Move(request.POST.get("do", ""))
    except ValueError:
        raise Conflict("introductions.step") from None
