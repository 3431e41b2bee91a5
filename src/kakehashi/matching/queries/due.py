"""What waits to be encoded or matched, and what is known of a reading beside its texts."""

from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.fields import Facts
from kakehashi.matching.models import Indexed
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


def to_encode(encoder: str) -> QuerySet[Reading]:
    """Published readings that were never read by this encoder, or changed since."""
    read = Indexed.objects.filter(reading=OuterRef("pk"), seen=OuterRef("changed_at"), encoder=encoder)
    return Reading.objects.filter(~Exists(read), state=State.PUBLISHED).order_by("pk")


def to_match() -> QuerySet[Indexed]:
    """What is encoded and waits to be matched."""
    return Indexed.objects.filter(matched=False, reading__state=State.PUBLISHED).order_by("stamp")


def progress() -> Progress:
    """Of all published readings: how many are encoded in their present wording, how many matched."""
    published = Reading.objects.filter(state=State.PUBLISHED).count()
    encoded = published - to_encode(encoder_id(default())).count()
    fresh = Q(seen=F("reading__changed_at"), reading__state=State.PUBLISHED)
    matched = Indexed.objects.filter(fresh, matched=True).count()
    return Progress(encoded, published, matched, published)


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


def thaw(facts: dict[str, Any]) -> Facts:
    """Facts from their stored form."""
    said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
    return Facts(**said)
