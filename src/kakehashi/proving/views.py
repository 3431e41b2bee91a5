"""A record's proof as a file to keep."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kakehashi.accounts.request import Request
from kakehashi.errors import NotAllowed
from kakehashi.proving import actions
from kakehashi.proving.bundle import MEDIA_TYPE


@require_POST
def take(request: Request, origin: str, record: UUID) -> HttpResponse:
    """The bundle for one record under one agreement, for the cluster's team."""
    if not request.viewer.is_staff:
        raise NotAllowed("proving.take")
    agreement = request.POST.get("agreement", "")
    made = actions.take(
        viewer=request.viewer, origin=origin, record=record, agreement=agreement, now=request.now
    )
    headers = {"Content-Disposition": f'attachment; filename="proof-{record}.json"'}
    return HttpResponse(made + b"\n", content_type=MEDIA_TYPE, headers=headers)
