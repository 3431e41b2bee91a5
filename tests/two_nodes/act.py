"""What tests have a node do, in a process of that node that is told what on its standard input."""

import json
import os
import sys
import traceback
from pydoc import locate
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")


def prepare() -> None:
    """Tables and keys."""
    from django.core.management import call_command

    from kakehashi import this
    from kakehashi.signing.keyring import Keyring

    call_command("migrate", verbosity=0, interactive=False)
    ring = Keyring(this.node().key_folder)
    for name in ("root", "record", "log", "http"):
        ring.create(name)


def follow() -> int:
    """Channels follow agreements; the key set is published on the way."""
    from kakehashi import clock
    from kakehashi.exchange import jobs

    return jobs.follow_agreements(clock.now())


def ensure_keys() -> None:
    """The key set alone, without opening any channel."""
    from kakehashi import clock
    from kakehashi.exchange.actions import keysets

    keysets.ensure_own(now=clock.now())


def introduce() -> None:
    from kakehashi import clock
    from kakehashi.bridge import demonstrate

    demonstrate.introduce(now=clock.now())


def people() -> None:
    """Those who may sign in to a node of the demonstration."""
    from kakehashi import clock, this
    from kakehashi.accounts import actions, demonstration
    from kakehashi.accounts.viewer import WORKER

    now = clock.now()
    for role, email, password in demonstration.people(this.node().side):
        actions.ensure_person(viewer=WORKER, email=email, role=role, password=password, now=now)


def card() -> dict[str, Any]:
    from kakehashi import this
    from kakehashi.agreements import own

    return dict(own.card(this.node()))


def meet(card: dict[str, Any]) -> None:
    """Another node is a partner from now on, its fingerprint compared."""
    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions
    from kakehashi.signing.keys import fingerprint

    now = clock.now()
    found = actions.add_partner(viewer=WORKER, card=card, own=this.node().name, now=now)
    said = fingerprint(card["root"][0])
    actions.confirm_fingerprint(viewer=WORKER, node=found.node, said=said, now=now)


def part(node: str) -> None:
    """That node was never met."""
    from kakehashi.agreements.models import Partner

    Partner.objects.filter(node=node).delete()


def agreements() -> dict[str, str]:
    """All agreements by hash: the document with its proofs, as it travels."""
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import queries
    from kakehashi.signing import canonical

    rows = queries.agreements(WORKER)
    return {row.hash: canonical.encode(queries.signed_document(row)).decode() for row in rows}


def ask(base: str, asked: list[list[str]]) -> list[tuple[int, str]]:
    """Signed requests [method, path, body] below another node's base: status and text of each answer."""
    from kakehashi import clock
    from kakehashi.exchange import jobs

    answers = []
    for method, path, body in asked:
        whole = f"{base}/{path}"
        with jobs.client().request(method, whole, now=clock.now(), body=body.encode()) as answer:
            answers.append((answer.status, answer.read().decode("utf-8", "replace")))
    return answers


def propose() -> str:
    """A draft of the demonstration's agreement, signed here."""
    from kakehashi import clock, this
    from kakehashi.bridge import demonstrate

    partner = demonstrate.other()
    assert partner is not None
    return demonstrate._propose(this.node(), partner, clock.now()).hash


def sign() -> str:
    """Sign the draft that came."""
    from kakehashi import clock
    from kakehashi.bridge import demonstrate

    agreement = demonstrate._await_draft(clock.now)
    assert agreement is not None
    return agreement.hash


def deliver() -> int:
    from kakehashi import clock
    from kakehashi.exchange import jobs

    return jobs.deliver(clock.now())


def pull(wait: int = 0) -> list[dict[str, Any]]:
    """Read every due channel until nothing comes."""
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling

    for channel in jobs.due_channels(clock.now()):
        while pulling.pull(jobs.client(), channel.name, clock.now, wait=wait):
            wait = 0
    return feeds()


def feeds() -> list[dict[str, Any]]:
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.exchange import queries

    return [
        {
            "name": channel.name,
            "size": channel.size,
            "state": channel.state,
            "code": channel.feed.code,
            "detail": channel.feed.detail,
            "receipt": channel.feed.receipt_size,
            "refused": list(map(list, channel.quarantined.order_by("index").values_list("index", "code"))),
        }
        for channel in queries.feeds(WORKER)
    ]


def channels() -> list[dict[str, Any]]:
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.exchange import queries

    return [
        {
            "name": channel.name,
            "size": channel.size,
            "state": channel.state,
            "acknowledged": queries.acknowledged_size(channel),
        }
        for channel in queries.own_channels(WORKER)
    ]


def publish(
    name: str = "Isar Biologics GmbH", region: str = "DE-BY", offers: int = 1, **level: Any
) -> list[str]:
    """An organisation with offers; gives the record ids."""
    from kakehashi import clock, this
    from tests import cast

    now = clock.now()
    owner = cast.organisation(now, name=name, region=region)
    cast.HERE = this.node().name
    made = [cast.offer(now, owner, title=f"{name} {i}", **level) for i in range(offers)]
    return [str(owner.id), *(str(record.id) for record in made)]


def move(record: str, to: str) -> None:
    from uuid import UUID

    from kakehashi import clock
    from kakehashi.records import actions
    from kakehashi.records.lifecycle import State
    from tests import cast

    actions.move(viewer=cast.EDITOR, record_id=UUID(record), to=State(to), now=clock.now())


def publish_about(name: str, email: str) -> str:
    """An offer that names somebody, in two wordings; gives its id."""
    from kakehashi import clock, this
    from kakehashi.records import actions
    from kakehashi.translation.texts import original
    from tests import cast

    now = clock.now()
    owner = cast.organisation(now)
    cast.HERE = this.node().name
    summary = {"de": original(f"Ansprechpartnerin ist {name}, {email}.")}
    record = cast.offer(now, owner, title=f"Angebot von {name}", audience="agreements")
    body = cast.offer_body(owner, title=f"Neues Angebot von {name}", summary=summary)
    person = {"contact": {"name": name, "email": email}}
    revise = {"viewer": cast.EDITOR, "record_id": record.id, "overrule": True, "now": now}
    actions.revise(body=body, person=person, **revise)
    return str(record.id)


def rotate_keys() -> int:
    """New keys for all uses, in force at once; gives the version of the key set."""
    from kakehashi import clock
    from kakehashi.exchange.actions import keysets, rotating
    from kakehashi.exchange.keyset import USES

    now = clock.now()
    data = keysets.sign_here(rotating.rotate(USES, now=now), now=now)
    return rotating.publish(data=data, now=now).version


def erase(record: str) -> None:
    from uuid import UUID

    from kakehashi import clock
    from kakehashi.records import actions
    from tests import cast

    actions.erase(viewer=cast.MANAGER, record_id=UUID(record), scope="all", basis="gdpr-17", now=clock.now())


def salts(record: str) -> list[str]:
    """The salts that this node has of a record's parts, in hexadecimal."""
    from kakehashi.exchange.models import Part

    rows = Part.objects.filter(record=record).values_list("salt", flat=True)
    return [bytes(salt).hex() for salt in rows]


def scrub() -> int:
    from kakehashi import clock
    from kakehashi.exchange.actions import scrubbing

    return scrubbing.scrub(now=clock.now())


def back_up() -> None:
    """A copy of the database beside it."""
    from django.db import connection

    from kakehashi import this

    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(this.node().folder / "backup.sqlite3")])


def erasures() -> list[dict[str, Any]]:
    from kakehashi.exchange.models import Erasure

    return [
        {"scrubbed": row.scrubbed_at is not None, "done": row.done_at is not None}
        for row in Erasure.objects.order_by("pk")
    ]


def seen(role: str = "EDITOR") -> list[str]:
    """The titles of the partner's records that a viewer sees here."""
    from kakehashi import clock
    from kakehashi.accounts.viewer import Role, Viewer
    from kakehashi.records import queries

    viewer = Viewer(role=Role[role], actor="test")
    rows = queries.published(viewer, clock.now()).filter(own=False)
    return sorted(row.title.get("de") or next(iter(row.title.values())) for row in rows)


def own_titles() -> list[str]:
    """The titles of this node's own published records."""
    from kakehashi import clock
    from kakehashi.records import queries
    from tests import cast

    rows = queries.published(cast.EDITOR, clock.now()).filter(own=True)
    return sorted(row.title.get("de") or next(iter(row.title.values())) for row in rows)


def name_concept(key: str, names: dict[str, str]) -> None:
    """A curator adds a concept to the glossary."""
    from kakehashi import clock
    from kakehashi.matching import actions
    from kakehashi.matching.concepts import Concept
    from tests import cast

    concept = Concept(key, "bioprocessing", names, {})
    actions.change_term(viewer=cast.EDITOR, concept=concept, why="new", now=clock.now())


def take_proposals() -> list[str]:
    """A curator takes over whatever partners changed in the glossary; gives the concepts."""
    from kakehashi import clock
    from kakehashi.matching import actions, queries
    from tests import cast

    found = queries.proposals(cast.EDITOR, clock.now())
    for each in found:
        actions.answer_proposal(viewer=cast.EDITOR, proposal=each, take=each.concept, now=clock.now())
    return [each.concept.id for each in found]


def naming(concept: str, text: str) -> list[str]:
    """The titles of what an editor finds because it names the concept, once all texts are read."""
    from kakehashi import clock
    from kakehashi.matching import actions, queries
    from tests import cast

    actions.encode_due(now=clock.now())
    actions.reread_due(now=clock.now())
    hits = queries.search(cast.EDITOR, text, queries.Filters(), clock.now()).hits
    scores = [(hit.reading.title, hit.score) for hit in hits if hit.score]
    return [
        title.get("de") or next(iter(title.values()))
        for title, score in scores
        if any(concept in component.because for component in score.components)
    ]


def forgive() -> None:
    """Forget the failures of all feeds, so that the next try comes at once."""
    from kakehashi.exchange.models import Feed

    Feed.objects.update(failures=0, next_try=None, code="", detail="")


def invariants() -> None:
    """INV of the conformance tests: whatever happened, the tables are whole and agree with each other."""
    import orjson
    from django.db import connection

    from kakehashi.exchange import checkpoint
    from kakehashi.exchange.actions.keysets import latest
    from kakehashi.exchange.log import Frontier, leaf_hash
    from kakehashi.exchange.models import Channel, Part
    from kakehashi.records.models import Passage
    from kakehashi.signing.commit import commitment_of_bytes

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for channel in Channel.objects.select_related("feed"):
        entries = list(channel.entries.order_by("index"))
        assert [entry.index for entry in entries] == list(range(channel.size))
        grown, roots = Frontier(), {}
        for size, entry in enumerate(entries, 1):
            grown = grown.extend([leaf_hash(bytes(entry.header))])
            roots[size] = grown.root()
        assert grown.to_bytes() == bytes(channel.frontier)
        for head in channel.heads.all():  # never two roots for one size, and none that was not there
            assert roots[head.size] == bytes(head.root)
        headers = {entry.index: orjson.loads(bytes(entry.header)) for entry in entries}
        for part in Part.objects.filter(channel=channel):
            wanted = headers[part.index]["parts"][part.name]
            assert commitment_of_bytes(bytes(part.salt), bytes(part.data)) == wanted
        if channel.own or not channel.size:
            continue
        note, keys = checkpoint.parse(channel.feed.note), latest(channel.origin)
        assert keys is not None
        checkpoint.verify_signature(note, keys.all_of("log"))
        assert (note.size, note.root) == (channel.size, grown.root())
        for passage in Passage.objects.filter(channel=channel.name):
            assert headers[passage.index]["id"] == f"urn:uuid:{passage.reading.record}"


def end_agreement(reason: str = "cause") -> None:
    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions, queries

    agreement = queries.agreements(WORKER).get(state="active")
    now = clock.now()
    from datetime import timedelta

    actions.end_with_node_root(
        viewer=WORKER,
        agreement=agreement,
        node=this.node(),
        effective=now.replace(microsecond=0) + timedelta(seconds=1),
        reason=reason,
        now=now,
    )


def named(name: str) -> Any:
    """A function of this module, or of another one by its full name."""
    return locate(name) if "." in name else globals()[name]


def purge() -> list[dict[str, Any]]:
    """Delete the copies under what is over and tell the partner; gives the statements of both sides here."""
    from kakehashi import clock
    from kakehashi.exchange import jobs
    from kakehashi.exchange.actions import scrubbing
    from kakehashi.exchange.models import Purge

    now = clock.now()
    for _ in range(2):  # the statement is made once the files are written anew, and sent after that
        jobs.purge(now)
        scrubbing.scrub(now=now)
    rows = Purge.objects.order_by("pk").values("peer", "sent_at", "data")
    return [
        {"by": row["peer"], "sent": row["sent_at"] is not None, "made": bool(row["data"])} for row in rows
    ]


def main() -> None:
    """Do what standard input says, one JSON line `[name, arguments]` after the other, and answer each."""
    django.setup()
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": named(name)(**arguments)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
