"""Pages about oneself and, for managers, about the people of the node."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.accounts import actions, queries
from kakehashi.accounts.forms import InviteForm, PlaceForm, SettingsForm
from kakehashi.accounts.models import User
from kakehashi.accounts.request import Request
from kakehashi.accounts.viewer import Role
from kakehashi.errors import Conflict
from kakehashi.ui.languages import reader_language

PAGE = 50


def refusal(problem: Conflict) -> str:
    """Why an action on people was refused, in words."""
    return {
        "accounts.invite": _("Somebody with this address is here already; change the role in the list."),
        "accounts.last-manager": _("Nobody could manage this node then. Make somebody else a manager first."),
        "accounts.unconfirmed": _("This address has not been confirmed; until it is, its owner only reads."),
    }[str(problem)]


@login_required
@require_http_methods(["GET", "POST"])
def own_settings(request: Request) -> HttpResponse:
    """Who I am, my name and language, and the ways to all else that is mine."""
    person = request.user
    form = SettingsForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        actions.describe_self(person=person, now=request.now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings")
    names = queries.organisation_names(request.viewer, [person], request.now, reader_language())
    return render(
        request,
        "accounts/settings.html",
        {
            "form": form,
            "person": person,
            "organisation": names.get(person.organisation),
            "second_factor": bool(queries.second_factors(person)),
        },
    )


@login_required
@require_GET
def own_data(request: Request) -> HttpResponse:
    """Everything that is kept about me, as a file (GDPR art. 15 and 20; APPI art. 33)."""
    response = JsonResponse(
        queries.kept_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="kakehashi-my-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def leave(request: Request) -> HttpResponse:
    """Delete my account, after the password has been asked for once more."""
    if request.method == "POST":
        try:
            actions.leave(person=request.user, now=request.now)
        except Conflict as problem:
            messages.error(request, refusal(problem))
            return redirect("accounts:leave")
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    return render(request, "accounts/leave.html")


@login_required
@require_GET
def people(request: Request) -> HttpResponse:
    """The people of this node."""
    words = request.GET.get("q", "").strip()
    page = Paginator(queries.people(request.viewer, words), PAGE).get_page(request.GET.get("page"))
    names = queries.organisation_names(request.viewer, page.object_list, request.now, reader_language())
    rows = [(person, names.get(person.organisation)) for person in page.object_list]
    return render(request, "accounts/people.html", {"page": page, "rows": rows, "words": words})


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: Request) -> HttpResponse:
    """Ask somebody in: they get a link by which they choose a password."""
    queries.people(request.viewer)  # managers only
    first = {"role": Role.READER.value, "language": reader_language()}
    form = InviteForm(request.POST or None, viewer=request.viewer, now=request.now, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # who cannot be written to is not added
                person = actions.invite(viewer=request.viewer, now=request.now, **form.cleaned_data)
                _send_link(request, person)
        except Conflict as problem:
            form.add_error("email", refusal(problem))
        else:
            messages.success(
                request, _("The invitation to %(email)s is on its way.") % {"email": person.email}
            )
            return redirect("accounts:people")
    return render(request, "accounts/invite.html", {"form": form, "language": reader_language()})


@login_required
@require_http_methods(["GET", "POST"])
def person(request: Request, person_id: int) -> HttpResponse:
    """One of the people: role and organisation."""
    somebody = queries.person(request.viewer, person_id)
    names = queries.organisation_names(request.viewer, [somebody], request.now, reader_language())
    present = {
        "role": somebody.role,
        "organisation": names.get(somebody.organisation) or somebody.organisation,
    }
    form = PlaceForm(request.POST or None, viewer=request.viewer, now=request.now, initial=present)
    if request.method == "POST" and form.is_valid():
        try:
            actions.place(viewer=request.viewer, person_id=person_id, now=request.now, **form.cleaned_data)
        except Conflict as problem:
            form.add_error("role", refusal(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:people")
    return render(
        request, "accounts/person.html", {"form": form, "somebody": somebody, "language": reader_language()}
    )


@login_required
@require_POST
def set_active(request: Request, person_id: int) -> HttpResponse:
    """Shut somebody out, or let them in again; the form says which."""
    active = request.POST.get("active") == "yes"
    try:
        actions.set_active(viewer=request.viewer, person_id=person_id, active=active, now=request.now)
    except Conflict as problem:
        messages.error(request, refusal(problem))
        return redirect("accounts:person", person_id)
    messages.success(request, _("Saved."))
    return redirect("accounts:people")


@login_required
@require_POST
def send_link(request: Request, person_id: int) -> HttpResponse:
    """Send somebody, who has not signed in yet or is locked out, a link to choose a password."""
    somebody = queries.person(request.viewer, person_id)
    _send_link(request, somebody)
    messages.success(request, _("The link is on its way to %(email)s.") % {"email": somebody.email})
    return redirect("accounts:people")


def _send_link(request: Request, person: User) -> None:
    with override(person.language):
        key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
        address = request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=key))
        facts = {"user": person, "address": address, "role": person.get_role_display()}
    get_adapter().send_mail("accounts/mail/invitation", person.email, facts)
