"""What partners have still to get: rows that the exchange's job finds, sends and marks."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements.actions.guard import managers_only
from kakehashi.agreements.models import Agreement, Delivery, Partner
from kakehashi.audit.actions import note
from kakehashi.signing import canonical

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)


def enqueue(agreement: Agreement, *, own: str, what: str, document: dict[str, Any], now: datetime) -> None:
    """One delivery to each other party. `what`: "draft" (the signed document), "proof" or "termination"."""
    verb, path = {
        "draft": ("PUT", f"/agreements/{agreement.hash}"),
        "proof": ("POST", f"/agreements/{agreement.hash}/proofs"),
        "termination": ("POST", f"/agreements/{agreement.hash}/termination"),
    }[what]
    body = canonical.encode(document)
    others = [party["node"] for party in agreement.document["parties"] if party["node"] != own]
    for partner in Partner.objects.filter(pk__in=others).order_by("pk"):
        Delivery.objects.create(
            agreement=agreement, partner=partner, what=what, verb=verb, path=path, body=body, next_attempt=now
        )


@transaction.atomic
def delivered(*, delivery_id: int, now: datetime) -> None:
    """The partner has it."""
    row = Delivery.objects.select_for_update().get(pk=delivery_id)
    row.delivered_at, row.next_attempt, row.failure, row.attempts = now, None, "", row.attempts + 1
    row.save(update_fields=["delivered_at", "next_attempt", "failure", "attempts"])
    note(at=now, actor="worker", action="agreements.delivered", object=row.agreement_id, to=row.partner_id)


@transaction.atomic
def delivery_failed(*, delivery_id: int, failure: str, now: datetime, final: bool = False) -> None:
    """It did not arrive. Tried again after 1 s, 2 s, … 5 min, for ever, unless the refusal is `final`."""
    row = Delivery.objects.select_for_update().get(pk=delivery_id)
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts, 20), LONGEST_PAUSE)
    row.attempts += 1
    row.failure = failure[:300]
    row.next_attempt = None if final else now + pause
    row.save(update_fields=["attempts", "failure", "next_attempt"])
    if final:
        note(
            at=now, actor="worker", action="agreements.refused", object=row.agreement_id, failure=row.failure
        )


@transaction.atomic
def retry(*, viewer: Viewer, agreement: Agreement, now: datetime) -> int:
    """Try at once again whatever has not arrived; gives the number of deliveries."""
    managers_only(viewer)
    count = agreement.deliveries.filter(delivered_at__isnull=True).update(next_attempt=now)
    note(at=now, actor=viewer.actor, action="agreements.retry", object=agreement.hash, deliveries=count)
    return count
