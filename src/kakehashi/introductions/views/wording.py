"""A text of an introduction in another language: asked for by its people, written by their cluster."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kakehashi.accounts.request import Request
from kakehashi.errors import InvalidInput
from kakehashi.introductions import actions, labels, queries
from kakehashi.introductions.forms import WordingForm
from kakehashi.introductions.queries import Introduction, Words
from kakehashi.ui.languages import reader_language


@login_required
@require_http_methods(["GET", "POST"])
def wording(
    request: Request, asker: str, interest: UUID, origin: str, record: UUID, member: str
) -> HttpResponse:
    """The words and a form: for managers to translate them, for the others to ask for it."""
    found = queries.one(request.viewer, asker, interest, request.now)
    words = queries.text(request.viewer, found, origin, str(record), member, reader_language())
    if request.method == "POST" and not request.viewer.is_manager:
        lang = reader_language()
        actions.ask_wording(viewer=request.viewer, words=words, language=lang, now=request.now)
        messages.success(
            request, _("Your cluster is asked for the translation; you get a mail when it is here.")
        )
        return redirect("introductions:thread", asker, interest)
    languages = words.missing or tuple(code for code in ("de", "ja", "en") if code != words.source)
    form = WordingForm(request.POST or None, languages=languages, initial={"language": _first(words)})
    if request.method == "POST" and form.is_valid() and _written(request, found, words, form):
        messages.success(request, _("The translation is saved and marked as checked by your cluster."))
        return redirect("introductions:thread", asker, interest)
    crumbs = [
        (labels.BOARD, reverse("introductions:board")),
        (_("Introduction"), reverse("introductions:thread", args=[asker, interest])),
    ]
    return render(request, "introductions/wording.html", {"words": words, "form": form, "crumbs": crumbs})


def _first(words: Words) -> str:
    """The language that is most likely missed."""
    wanted = (reader_language(), *words.missing)
    return next((code for code in wanted if code in words.missing), "")


def _written(request: Request, found: Introduction, words: Words, form: WordingForm) -> bool:
    """Save what was typed, or say at the form what is wrong."""
    facts = form.cleaned_data
    try:
        actions.word(viewer=request.viewer, found=found, words=words, now=request.now, **facts)
    except InvalidInput as refused:
        form.refuse(refused.problems)
        return False
    return True
