"""What the test of canaries has a node do: agree, give records with a mark in each part, answer everybody."""

import random
import re
from typing import Any
from uuid import uuid4

MARK = re.compile(rb"kanari[0-9a-f]{16}")
TOPICS = ("oncology", "antibodies", "nucleic_acids", "cell_therapy")
LEVELS = {  # which labels go with an audience
    "private": ("RED", "AMBER"),
    "members": ("AMBER", "GREEN"),
    "named": ("AMBER", "GREEN", "CLEAR"),
    "agreements": ("AMBER", "GREEN", "CLEAR"),
    "public": ("CLEAR",),
}
PAGES = ("", "organisations/", "records/offers/", "feeds/atom.xml", "feeds/feed.json", "search/?q=kanari")
OTHERS = ("/oai?verb=ListRecords&metadataPrefix=oai_dc", "/.well-known/kx")


def agree(document: dict[str, Any]) -> str:
    """Propose a document and sign it; gives its hash."""
    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions, own
    from kakehashi.agreements.cards import party_of

    now, node = clock.now(), this.node()
    mine = party_of(own.card(node))
    made = actions.propose(viewer=WORKER, document=document, own=mine, now=now)
    return str(actions.sign_with_node_root(viewer=WORKER, hash=made.hash, node=node, now=now).hash)


def sign(hash: str) -> None:
    """Sign a draft that came."""
    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions

    actions.sign_with_node_root(viewer=WORKER, hash=hash, node=this.node(), now=clock.now())


def spread(seed: str, count: int, region: str, lineages: list[str]) -> list[dict[str, Any]]:
    """Organisations and offers at every level; gives what the oracle must know of each, marks included."""
    from kakehashi import clock, this
    from tests import cast

    rng = random.Random(seed)
    cast.HERE = this.node().name
    now = clock.now()
    made, owner = [], None
    for number in range(count):
        if owner is None or number % 5 == 0:
            owner, facts = _organisation(rng, region, lineages, now)
            made.append(facts)
        made.append(_offer(rng, owner, region, lineages, now))
    return made


def _organisation(rng: random.Random, region: str, lineages: list[str], now: Any) -> Any:
    from kakehashi.records import actions
    from tests import cast

    mark = _mark(rng)
    body = cast.organisation_body(name=f"{mark} AG", region=region, topics=_topics(rng))
    record = actions.create(viewer=cast.EDITOR, body=body, now=now)
    return record, _level(rng, record, {"body": mark}, body, region, lineages, now)


def _offer(rng: random.Random, owner: Any, region: str, lineages: list[str], now: Any) -> dict[str, Any]:
    from kakehashi.records import actions
    from tests import cast

    marks = {"body": _mark(rng)}
    body = cast.offer_body(owner, title=f"Angebot {marks['body']}", topics=_topics(rng))
    # The owner's name carries its own mark, which is no business of this one.
    body["organisation"]["name"] = "AG"
    person = None
    if rng.random() < 0.5:
        marks["person"] = _mark(rng)
        person = {"contact": {"name": f"Frau {marks['person']}", "email": f"{marks['person']}@isar.example"}}
    record = actions.create(viewer=cast.EDITOR, body=body, person=person, now=now, overrule=True)
    return _level(rng, record, marks, body, region, lineages, now)


def _level(
    rng: random.Random, record: Any, marks: Any, body: Any, region: str, lineages: list[str], now: Any
) -> dict[str, Any]:
    from kakehashi.records import actions
    from kakehashi.records.lifecycle import State
    from tests import cast

    audience = rng.choice(list(LEVELS))
    tlp = rng.choice(LEVELS[audience])
    onward = rng.choice(["none", "members", "public"] if tlp == "CLEAR" else ["none", "members"])
    named = rng.sample(lineages, rng.randint(1, len(lineages))) if audience == "named" else []
    actions.set_level(
        viewer=cast.EDITOR,
        record_id=record.id,
        audience=audience,
        tlp=tlp,
        onward=onward,
        named=named,
        now=now,
    )
    published = rng.random() < 0.9
    if published:
        actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.PUBLISHED, now=now, overrule=True)
    return {
        "id": str(record.id),
        "kind": body["kind"],
        "topics": body["topics"],
        "region": region,
        "audience": audience,
        "tlp": tlp,
        "onward": onward,
        "named": named,
        "published": published,
        "marks": marks,
    }


def _mark(rng: random.Random) -> str:
    return f"kanari{rng.getrandbits(64):016x}"


def _topics(rng: random.Random) -> list[str]:
    return rng.sample(TOPICS, rng.randint(1, 2))


def answers(records: list[list[str]]) -> dict[str, list[str]]:
    """By role: the marks in the answers of all pages, feeds and outlets, and of the page of each record."""
    from django.conf import settings
    from django.test import Client

    from kakehashi.accounts.viewer import Role
    from tests import cast

    settings.ALLOWED_HOSTS = ["*"]
    found = {}
    for role in (Role.PUBLIC, Role.MEMBER, Role.EDITOR):
        client = Client()
        if role != Role.PUBLIC:
            client.force_login(cast.user(role, email=f"{uuid4()}@munich.example"))
        addresses = [f"/en/{page}" for page in PAGES] + list(OTHERS)
        addresses += [f"/en/records/{origin}/{record}/" for origin, record in records]
        marks = {mark for address in addresses for mark in MARK.findall(_read(client, address))}
        found[role.name] = sorted(mark.decode() for mark in marks)
    return found


def _read(client: Any, address: str) -> bytes:
    answer = client.get(address, follow=True)
    assert answer.status_code in (200, 403, 404), (address, answer.status_code)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
