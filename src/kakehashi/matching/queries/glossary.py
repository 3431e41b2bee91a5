"""The glossary in force: the shipped one with what curators of this node changed."""

import threading
from collections.abc import Iterable

from django.db import connection
from django.db.models import Max, QuerySet

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.matching.concepts import Concept, edition, read_shipped, thaw
from kakehashi.matching.glossary import Glossary, shipped
from kakehashi.matching.models import TermChange


class _Held:
    """The glossary of this process. It is asked whether there is a newer one at most once a use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version, self._glossary = f"{edition()}-0", shipped()

    def fresh(self) -> Glossary:
        version = glossary_version()
        with self._lock:
            if version != self._version:
                changed = TermChange.objects.exists()
                self._glossary = Glossary(in_force()) if changed else shipped()
                self._version = version
            return self._glossary

    def last(self) -> Glossary:
        return self._glossary


_held: list[_Held] = []


def glossary() -> Glossary:
    """The glossary as of now."""
    if not _held:
        _held.append(_Held())
    return _held[0].fresh()


def held() -> Glossary:
    """The same without asking whether it is still so: for names beside what was asked for just before."""
    return _held[0].last() if _held else glossary()


def glossary_version() -> str:
    """What is stored beside all that was read with a glossary."""
    with connection.cursor() as cursor:  # asked with each use, and the ORM takes ten times as long
        cursor.execute("SELECT MAX(id) FROM matching_termchange")
        return f"{edition()}-{cursor.fetchone()[0] or 0}"


def in_force(but: Iterable[Concept | str] = ()) -> list[Concept]:
    """All concepts; with `but` as if these were changed too (a concept), or retired (its id)."""
    concepts = {concept.id: concept for concept in read_shipped()}
    latest = TermChange.objects.values("concept").annotate(last=Max("pk")).values("last")
    for change in TermChange.objects.filter(pk__in=latest).order_by("pk"):
        if change.content is None:
            concepts.pop(change.concept, None)
        else:
            concepts[change.concept] = thaw(change.content)
    for one in but:
        if isinstance(one, str):
            concepts.pop(one, None)
        else:
            concepts[one.id] = one
    return list(concepts.values())


def concept(viewer: Viewer, key: str) -> Concept:
    """A concept of the glossary in force, for curators. NotFound where it is retired or never was."""
    curates(viewer)
    found = glossary().concepts.get(key)
    if found is None:
        raise NotFound(f"concept {key}")
    return found


def changes(viewer: Viewer, key: str = "") -> QuerySet[TermChange]:
    """What curators changed, the latest first; of one concept, or of all."""
    curates(viewer)
    rows = TermChange.objects.order_by("-pk")
    return rows.filter(concept=key) if key else rows


def curates(viewer: Viewer) -> None:
    """NotAllowed unless the viewer is of the cluster's own team."""
    if not viewer.is_staff:
        raise NotAllowed("matching.glossary")
