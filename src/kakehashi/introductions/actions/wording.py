"""Translations of what was written in an introduction: asked for by its people, written by their cluster.

What this side said gets the translation in the record itself, and so it crosses. What the other side said is
not changed: its translation stays here, for the people of this side.
"""

from datetime import datetime

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput, NotAllowed
from kakehashi.introductions import queries
from kakehashi.introductions.models import Wording
from kakehashi.introductions.queries import Introduction, Words
from kakehashi.records import actions as records
from kakehashi.records import lint
from kakehashi.records.models import Reading
from kakehashi.translation.texts import Texts, reviewed, text_hash

LONGEST = 4000


@transaction.atomic
def ask_wording(*, viewer: Viewer, words: Words, language: str, now: datetime) -> None:
    """Ask the own cluster for what was written in `language`; Conflict if it is there already."""
    if language not in words.missing:
        raise Conflict("introductions.worded-already")
    row = _row(words, language)
    row.asked_at = row.asked_at or now
    row.save()
    note(at=now, actor=viewer.actor, action="introductions.ask-wording", object=str(row.record))


@transaction.atomic
def word(
    *, viewer: Viewer, found: Introduction, words: Words, language: str, text: str, now: datetime
) -> None:
    """Add a checked translation; for the cluster's managers. InvalidInput, NotAllowed."""
    if not viewer.is_manager:
        raise NotAllowed("introductions.word")
    if language == words.source or not 0 < len(text.strip()) <= LONGEST:
        raise InvalidInput({"text": ["texts-length"]})
    if words.said.own:
        _into_record(viewer, found, words, language, text.strip(), now)
    else:
        row = _row(words, language)
        row.text, row.by, row.written_at = text.strip(), this.node().title[language], now
        row.save()
    note(at=now, actor=viewer.actor, action="introductions.word", object=found.key[1], language=language)


@transaction.atomic
def forget_wordings(*, now: datetime) -> int:
    """Delete the translations of what was withdrawn, erased or put in other words."""
    keys = queries.outdated(WORKER, now)
    Wording.objects.filter(pk__in=keys).delete()
    return len(keys)


def _row(words: Words, language: str) -> Wording:
    said, source = words.said, said_in(words)
    key = {"origin": said.origin, "record": said.record, "member": words.member, "language": language}
    row, _new = Wording.objects.get_or_create(**key, defaults={"of": text_hash(source)})
    if row.of != text_hash(source):  # put in other words since: nothing stands of what was made
        row.of, row.text = text_hash(source), ""
    return row


def said_in(words: Words) -> str:
    """The writer's own words."""
    texts: Texts = words.said.body[words.member]
    return texts[words.source]["text"]


def _into_record(
    viewer: Viewer, found: Introduction, words: Words, language: str, text: str, now: datetime
) -> None:
    said: Reading = words.said
    texts: Texts = said.body[words.member]
    made = reviewed(text, of=said_in(words), by=this.node().title[language])
    body = {name: value for name, value in said.body.items() if name != "revision"}
    body[words.member] = {**texts, language: made}
    if not found.state.open and (wrong := lint.warnings(body)):
        raise InvalidInput({"text": [code for codes in wrong.values() for code in codes]})
    records.say(
        viewer=viewer, body=body, record_id=said.record, person=said.person, lineage=found.lineage, now=now
    )
