"""What was written in introductions, in a reader's language: wordings of the writers, and those made here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.introductions.models import Wording
from kakehashi.introductions.queries.loading import Introduction, every
from kakehashi.records import queries as records
from kakehashi.records.models import Reading
from kakehashi.translation.texts import (
    LANGUAGES,
    Shown,
    Texts,
    original_language,
    pick,
    reviewed,
    text_hash,
)

MEMBERS = ("questions", "about_you", "message")


@dataclass(frozen=True)
class Words:
    """One text of an introduction for one reader.

    `missing` are the languages that it lacks, `foreign` says that the reader's is one of them, `asked` since
    when the reader's cluster has been asked for it.
    """

    said: Reading
    member: str
    source: str
    shown: Shown
    missing: tuple[str, ...]
    foreign: bool
    asked: datetime | None


def wordings(viewer: Viewer, found: Introduction) -> list[Wording]:
    """What was translated here, or asked for, of one introduction."""
    return list(Wording.objects.filter(record__in=[said.record for said in _spoken(found)]))


def words(said: Reading, member: str, made: Iterable[Wording], language: str) -> Words | None:
    """One text for a reader of `language`; None if nothing was written."""
    texts: Texts = said.body.get(member) or {}
    source = original_language(texts)
    if source is None:
        return None
    rows = [row for row in made if _is_of(row, said, member, texts[source]["text"])]
    here = {row.language: reviewed(row.text, of=texts[source]["text"], by=row.by) for row in rows if row.text}
    shown = pick({**here, **texts}, language)
    if shown is None:
        return None
    missing = tuple(code for code in LANGUAGES if code not in texts and code not in here)
    asked = next((row.asked_at for row in rows if row.language == language and not row.text), None)
    return Words(said, member, source, shown, missing, language in missing, asked)


def text(viewer: Viewer, found: Introduction, origin: str, record: str, member: str, language: str) -> Words:
    """One text of an introduction by its name, as `viewer` may read it; NotFound."""
    said = next((row for row in _spoken(found) if (row.origin, str(row.record)) == (origin, record)), None)
    made = words(said, member, wordings(viewer, found), language) if said and member in MEMBERS else None
    if said is None or made is None or not (said.kind != "interest" or found.names_asker):
        raise NotFound(f"{origin}/{record}/{member}")
    return made


def asked_for(viewer: Viewer, now: datetime) -> list[tuple[Introduction, Wording]]:
    """The translations that people wait for; for managers, who write them."""
    if not viewer.is_manager:
        raise NotAllowed("introductions.wordings")
    rows = list(Wording.objects.filter(text="").order_by("asked_at"))
    return _of_introductions(viewer, rows, now) if rows else []


def told_of(viewer: Viewer, now: datetime) -> list[tuple[Introduction, Wording]]:
    """All translations that somebody asked for, written or not."""
    rows = list(Wording.objects.filter(asked_at__isnull=False).order_by("asked_at"))
    return _of_introductions(viewer, rows, now) if rows else []


def asked_mark(viewer: Viewer) -> tuple[object, ...]:
    """Changes whenever a translation is asked for or written."""
    return tuple(Wording.objects.aggregate(Max("asked_at"), Max("written_at")).values())


def outdated(viewer: Viewer, now: datetime) -> list[int]:
    """The keys of translations whose original has gone or says something else since."""
    rows = list(Wording.objects.all())
    if not rows:
        return []
    spoken = records.conversation(viewer, now).filter(record__in={row.record for row in rows})
    known = {(said.origin, said.record): said.body for said in spoken}
    return [row.pk for row in rows if not _stands(row, known.get((row.origin, row.record), {}))]


def _stands(row: Wording, body: dict[str, Texts]) -> bool:
    texts = body.get(row.member) or {}
    source = original_language(texts)
    return source is not None and row.of == text_hash(texts[source]["text"])


def _is_of(row: Wording, said: Reading, member: str, source: str) -> bool:
    key = (row.origin, row.record, row.member, row.of)
    return key == (said.origin, said.record, member, text_hash(source))


def _spoken(found: Introduction) -> tuple[Reading, ...]:
    return (found.interest, *found.said)


def _of_introductions(
    viewer: Viewer, rows: list[Wording], now: datetime
) -> list[tuple[Introduction, Wording]]:
    known = {(said.origin, said.record): each for each in every(viewer, now) for said in _spoken(each)}
    return [(known[key], row) for row in rows if (key := (row.origin, row.record)) in known]
