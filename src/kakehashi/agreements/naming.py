"""Tells the folders below what partners and agreements are called (records/naming.py)."""

from datetime import datetime

from django.urls import reverse

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import queries
from kakehashi.agreements.models import Partner
from kakehashi.records.naming import AgreementName, Side


def partners() -> list[Side]:
    """The sides of all partners whose fingerprint was confirmed."""
    rows = Partner.objects.filter(fingerprint_confirmed_at__isnull=False).order_by("side", "node")
    return [Side(row.side, row.place, row.region_name) for row in rows]


def agreements(viewer: Viewer, now: datetime) -> list[AgreementName]:
    """Each lineage by its newest version that `viewer` may know of."""
    found: dict[str, AgreementName] = {}
    for row in queries.agreements(viewer):
        prefix = row.hash.removeprefix(queries.PREFIX)[:16]
        clauses = {clause["id"]: clause["title"] for clause in row.document["clauses"]}
        address = reverse("agreements:detail", args=[prefix])
        found.setdefault(row.lineage, AgreementName(row.lineage, row.document["title"], address, clauses))
    return list(found.values())
