"""What waits to be encoded or matched, and what is known of a reading beside its texts."""

from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.fields import Facts
from kakehashi.matching.models import Ahead, Basis, Indexed
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading


class Progress(NamedTuple):
    """How far the worker is: readings encoded of all, and matched of all."""

    encoded: int
    texts: int
    matched: int
    readings: int


def encoder_id(encoder: Encoder) -> str:
    """What is stored beside each vector."""
    return f"{encoder.id}/{encoder.version}"


def serving_name() -> str:
    """Whose vectors answer; empty before the first."""
    with connection.cursor() as cursor:  # asked before each answer, and the ORM takes ten times as long
        cursor.execute("SELECT encoder FROM matching_indexed ORDER BY reading_id LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else ""


def to_encode(encoder: str) -> QuerySet[Reading]:
    """Published readings that were never read by this encoder, or changed since."""
    read = Indexed.objects.filter(reading=OuterRef("pk"), seen=OuterRef("changed_at"), encoder=encoder)
    return Reading.objects.filter(~Exists(read), state=State.PUBLISHED).order_by("pk")


def to_read_ahead(encoder: str) -> QuerySet[Reading]:
    """Published readings that an encoder to come has not read in their present wording."""
    read = Ahead.objects.filter(reading=OuterRef("pk"), seen=OuterRef("changed_at"), encoder=encoder)
    return Reading.objects.filter(~Exists(read), state=State.PUBLISHED).order_by("pk")


def to_reread(glossary: str) -> QuerySet[Indexed]:
    """What was read with another version of the glossary; retired ones are seen when they are published."""
    rows = Indexed.objects.exclude(glossary=glossary).filter(reading__state=State.PUBLISHED)
    return rows.select_related("reading").order_by("pk")


def to_match(basis: str) -> QuerySet[Indexed]:
    """What is encoded and whose matches were not found under this basis."""
    # Two ranges of the index over bases, so that no table is gone through where little is due; in one
    # condition SQLite takes the readings first, at 100,000 for a tenth of a second.
    before = Indexed.objects.filter(basis__lt=basis).values("pk")
    after = Indexed.objects.filter(basis__gt=basis).values("pk")
    due = Indexed.objects.filter(pk__in=before.union(after), reading__state=State.PUBLISHED)
    return due.order_by(F("stamp") + 0)


def progress() -> Progress:
    """Of all published readings: how many are encoded in their present wording, how many matched.

    As long as it is open whether the basis still holds, not all count as matched.
    """
    serving = Indexed.objects.order_by("pk").values("encoder")[:1]
    basis = Basis.objects.filter(encoder__in=serving).values_list("encoder", "version", "settled").first()
    name, version, settled = basis or (encoder_id(default()), "", False)
    fresh = Q(indexed__encoder=name, indexed__seen=F("changed_at"))
    counted = Reading.objects.filter(state=State.PUBLISHED).aggregate(
        encoded=Count("indexed", filter=fresh),
        matched=Count("indexed", filter=fresh & Q(indexed__basis=version)),
        readings=Count("pk"),
    )
    encoded, readings = counted["encoded"], counted["readings"]
    matched = counted["matched"] if version else 0
    return Progress(encoded, readings, matched if settled else min(matched, max(readings - 1, 0)), readings)


def facts_of(reading: Reading) -> Facts:
    """The fields that conditions are judged by, those of the owner organisation included."""
    body = reading.body
    return Facts(
        kind=reading.kind,
        side=reading.side,
        regions=tuple(sorted(reading.facets.filter(facet="region").values_list("value", flat=True))),
        topics=tuple(body.get("topics", ())),
        een_type=body.get("een_type", ""),
        partnership=tuple(body.get("partnership", ())),
        partner_types=tuple(body.get("partner_types", ())),
        organisation_type=_organisation_type(reading),
        stage=body.get("stage", ""),
        trl=body.get("trl"),
        medical_stage=body.get("medical_stage", ""),
        open_for_interest=body.get("open_for_interest", True),
        historical=reading.historical,
    )


def _organisation_type(reading: Reading) -> str:
    if reading.kind == "organisation":
        return str(reading.body.get("type", ""))
    owner = (
        Reading.objects.filter(origin=reading.origin, record=reading.owner).first() if reading.owner else None
    )
    return str(owner.body.get("type", "")) if owner else ""
