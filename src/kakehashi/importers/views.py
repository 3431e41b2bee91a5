"""The import pages: templates to fill in, a file to check, a preview, and what came of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.accounts.request import Request
from kakehashi.errors import FileRefused
from kakehashi.importers import actions, queries, sentences, shown, template
from kakehashi.importers.forms import AgreeForm, FileForm, UploadForm
from kakehashi.importers.models import Upload
from kakehashi.records import labels
from kakehashi.records import queries as records
from kakehashi.records.kinds import KINDS
from kakehashi.ui.languages import reader_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOUCHED = 30  # imported records that the page lists


@login_required
@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """The templates, the form for a file, and the uploads that wait."""
    uploads = queries.uploads(request.viewer, request.now)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        name, data = form.read()
        try:
            kept = actions.keep(
                viewer=request.viewer, kind=form.cleaned_data["kind"], name=name, data=data, now=request.now
            )
            return redirect("importers:upload", kept.id)
        except FileRefused as error:
            form.add_error("file", sentences.refused(error))
    waiting = [(upload, labels.KINDS[upload.kind]) for upload in uploads.filter(agreed_at__isnull=True)]
    context = {"form": form, "kinds": labels.KINDS.items(), "waiting": waiting}
    return render(request, "importers/index.html", context)


@login_required
@require_GET
def blank(request: Request, kind: str, form: str) -> HttpResponse:
    """The template of a kind, as xlsx or csv, in the reader's language."""
    queries.may_import(request.viewer)
    if kind not in KINDS or form not in ("xlsx", "csv"):
        raise Http404(kind)
    if form == "xlsx":
        content = template.as_xlsx(kind, queries.names_to_offer(request.viewer, request.now))
        response = HttpResponse(content, content_type=XLSX)
    else:
        delimiter = ";" if reader_language() == "de" else ","
        response = HttpResponse(template.as_csv(kind, delimiter), content_type="text/csv; charset=utf-8")
    name = slugify(str(labels.KINDS[kind]), allow_unicode=True)
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"kakehashi-{name}.{form}") or ""
    )
    return response


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: Request, upload_id: UUID) -> HttpResponse:
    """One upload: its preview until somebody agrees, then what came of it. POST puts a corrected file."""
    kept = queries.upload(request.viewer, upload_id, request.now)
    if kept.agreed_at:
        return _result(request, kept)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, data = form.read()
        try:
            actions.correct(viewer=request.viewer, upload_id=kept.id, name=name, data=data, now=request.now)
            return redirect("importers:upload", kept.id)
        except FileRefused as error:
            form.add_error("file", sentences.refused(error))
    return _preview(request, kept, form)


@login_required
@require_POST
def decide(request: Request, upload_id: UUID) -> HttpResponse:
    """Say who is meant by names that leave a doubt: pairs of `name_N` and `meant_N`."""
    numbers = [key.removeprefix("name_") for key in request.POST if key.startswith("name_")]
    decided = {request.POST[f"name_{n}"]: request.POST.get(f"meant_{n}", "") for n in numbers}
    actions.decide(viewer=request.viewer, upload_id=upload_id, decided=decided, now=request.now)
    return redirect("importers:upload", upload_id)


@login_required
@require_POST
def confirm(request: Request, upload_id: UUID) -> HttpResponse:
    """Agree to the preview."""
    form = AgreeForm(request.POST, staff=request.viewer.is_staff)
    level = form.cleaned_data.get("level", "") if form.is_valid() else ""
    actions.confirm(viewer=request.viewer, upload_id=upload_id, level=level, now=request.now)
    return redirect("importers:upload", upload_id)


@login_required
@require_POST
def forget(request: Request, upload_id: UUID) -> HttpResponse:
    """Delete an upload."""
    actions.forget(viewer=request.viewer, upload_id=upload_id, now=request.now)
    messages.success(request, _("The file was deleted. No record has changed."))
    return redirect("importers:index")


def _preview(request: Request, kept: Upload, form: FileForm) -> HttpResponse:
    plan = queries.plan_of(request.viewer, kept, request.now)
    context = {
        "upload": kept,
        "kind": labels.KINDS[kept.kind],
        "preview": shown.preview(plan, reader_language()),
        "form": form,
        "agree": AgreeForm(staff=request.viewer.is_staff, initial={"level": ""}),
        "crumbs": _crumbs(),
    }
    return render(request, "importers/preview.html", context)


def _result(request: Request, kept: Upload) -> HttpResponse:
    ids = [UUID(record) for record in kept.summary.get("records", [])[:TOUCHED]]
    readings = records.own_readings(request.viewer, request.now).filter(record__in=ids)
    context = {
        "upload": kept,
        "kind": labels.KINDS[kept.kind],
        "readings": list(readings),
        "more": len(kept.summary.get("records", [])) - len(ids),
        "crumbs": _crumbs(),
    }
    part = "importers/_progress.html" if request.htmx and not kept.imported_at else "importers/result.html"
    response = render(request, part, context)
    if request.htmx and kept.imported_at:
        response.headers["HX-Refresh"] = "true"  # done: the whole page tells more than the part
    return response


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Import"), reverse("importers:index"))]
