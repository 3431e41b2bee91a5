"""Makes the basis that the present records give the one in force; all pairs are then due under it."""

from datetime import datetime
from functools import cache

from django.db import transaction

from kakehashi.matching import basis
from kakehashi.matching.centre import Centres, centres
from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.encoder import Encoder, Gone
from kakehashi.matching.glossary import shipped
from kakehashi.matching.models import Basis, Indexed
from kakehashi.matching.queries.basis import entries, in_force, sample
from kakehashi.matching.queries.due import encoder_id
from kakehashi.matching.queries.serving import serving

TERMS = 430  # glossary terms per language for the mean of short terms


def settle(*, now: datetime, encoder: Encoder | None = None) -> str:
    """The version of the basis in force, which is computed first if the records give another one.

    Empty as long as nothing is encoded: then nothing can be matched.
    """
    encoder = encoder or serving()
    name = encoder_id(encoder)
    settled = in_force(name).filter(settled=True).values_list("version", flat=True).first()
    if settled:
        return settled
    if not Indexed.objects.filter(encoder=name).exists():
        return ""
    stored = in_force(name).first()
    if not stored and isinstance(encoder, Gone):
        return ""
    terms = basis.thaw("", stored.content).means.terms if stored else terms_of(encoder)
    blank = {"version": "", "settled": False, "content": {}, "computed_at": now}
    Basis.objects.get_or_create(encoder=name, defaults=blank)
    with transaction.atomic():
        # Held until all is written: who changes a record meanwhile takes `settled` away after us.
        present = Basis.objects.select_for_update().get(encoder=name)
        version, rows = sample(name)
        if present.version == version:
            Basis.objects.filter(encoder=name).update(settled=True)
            return version
        made = basis.settle(version, entries(rows, name, encoder.dimension), terms, encoder.dimension)
        facts = {"version": version, "settled": True, "content": basis.freeze(made), "computed_at": now}
        Basis.objects.filter(encoder=name).update(**facts)
    return version


@cache
def terms_of(encoder: Encoder) -> Centres:
    """The means of short terms rest on the glossary alone: computed once per encoder."""
    concepts = list(shipped().concepts.values())
    chosen = concepts[:: max(len(concepts) // TERMS, 1)]
    names = [(lang, concept.names[lang]) for lang in LANGUAGES for concept in chosen]
    return centres(encoder.encode([term for _, term in names]), [lang for lang, _ in names])
