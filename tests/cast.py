"""The cast of the tests, called by name: people of each role, and records that are valid unless changed."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import PUBLIC, Role, Viewer
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from kakehashi.translation.texts import machine, original

EDITOR = Viewer(role=Role.EDITOR, actor="editor@munich.example")
MANAGER = Viewer(role=Role.MANAGER, actor="manager@munich.example")
READER = Viewer(role=Role.READER, actor="reader@munich.example")
NOBODY = PUBLIC
HERE = "munich.example"


def member(organisation: UUID) -> Viewer:
    """A member of the organisation with that record id."""
    return Viewer(role=Role.MEMBER, organisation=organisation, actor="member@munich.example")


def user(role: Role, organisation: UUID | None = None, **facts: Any) -> User:
    """Somebody who can sign in with the password "bridge-2026"."""
    email = facts.pop("email", f"{role.name.lower()}@munich.example")
    return User.objects.create_user(email, "bridge-2026", role=role.value, organisation=organisation, **facts)


def organisation_body(name: str = "Isar Biologics GmbH", **changes: Any) -> dict[str, Any]:
    return {
        "kind": "organisation",
        "lang": "de",
        "names": {"de": name},
        "type": "company",
        "summary": {"de": original("Entwickelt Antikörper gegen solide Tumoren in Martinsried.")},
        "region": "DE-BY",
        "city": "Martinsried",
        "latitude": "48.107",
        "longitude": "11.452",
        "topics": ["antibodies", "oncology"],
        **changes,
    }


def offer_body(
    organisation: Record, title: str = "Antikörper gegen solide Tumoren", **changes: Any
) -> dict[str, Any]:
    name = organisation.revisions.latest("number").body["names"]
    return {
        "kind": "offer",
        "lang": "de",
        "organisation": {"origin": HERE, "id": str(organisation.id), "name": next(iter(name.values()))},
        "een_type": "TO",
        "title": {
            "de": original(title),
            "en": machine("Antibodies for solid tumours", of=title, engine="test"),
        },
        "summary": {
            "de": original("Bispezifische Antikörper, im Tiermodell geprüft, suchen einen Lizenznehmer.")
        },
        "partnership": ["licence"],
        "topics": ["antibodies", "oncology"],
        "stage": "lab_tested",
        **changes,
    }


def interest_body(organisation: Record, about: UUID, **changes: Any) -> dict[str, Any]:
    name = organisation.revisions.latest("number").body["names"]
    return {
        "kind": "interest",
        "lang": "de",
        "about": {"origin": "osaka.example", "id": str(about)},
        "organisation": {"origin": HERE, "id": str(organisation.id), "name": next(iter(name.values()))},
        "says": "asked",
        **changes,
    }


def organisation(now: datetime, *, audience: str = "public", **changes: Any) -> Record:
    """A published organisation of this node."""
    return publish(actions.create(viewer=EDITOR, body=organisation_body(**changes), now=now), now, audience)


def interest(now: datetime, owner: Record, *, audience: str = "agreements", **changes: Any) -> Record:
    """A published interest in some record of the partner's."""
    body = interest_body(owner, uuid4(), **changes)
    return publish(actions.create(viewer=EDITOR, body=body, now=now), now, audience)


def offer(now: datetime, owner: Record | None = None, *, audience: str = "public", **changes: Any) -> Record:
    """A published offer; without `owner` its organisation is made too."""
    owner = owner or organisation(now)
    return publish(actions.create(viewer=EDITOR, body=offer_body(owner, **changes), now=now), now, audience)


def publish(record: Record, now: datetime, audience: str) -> Record:
    actions.set_level(viewer=EDITOR, record_id=record.id, audience=audience, now=now)
    return actions.move(viewer=EDITOR, record_id=record.id, to=State.PUBLISHED, now=now)


def term(now: datetime) -> UUID:
    """A change of the glossary by the partner, of a concept that nobody has here."""
    names = {"de": "Ribosomenmühle", "ja": "リボソーム製粉機", "en": "ribosome mill"}
    said = {"concept": "ribosome-mill", "names": names, "why": "新しい用語", "at": "2026-11-20T09:00:00Z"}
    without = dict.fromkeys(("organisation", "een_type", "title", "summary", "partnership"))
    said |= {"topics": ["bioprocessing"]}
    return received(now, onward="members", tlp="AMBER", kind="term", **said, **without)


def received(
    now: datetime,
    *,
    onward: str = "public",
    tlp: str = "CLEAR",
    agreement: str = "sha256-test",
    **changes: Any,
) -> UUID:
    """A request of the partner in Osaka, as the exchange hands it over; None leaves a member out."""
    record_id = uuid4()
    title = "固形がんに対する抗体薬物複合体の導入を希望"
    body = {
        "kind": "request",
        "revision": 1,
        "lang": "ja",
        "organisation": {"origin": "osaka.example", "id": str(uuid4()), "name": "なにわ製薬株式会社"},
        "een_type": "TR",
        "title": {
            "ja": original(title),
            "de": machine("Gesucht: ADC gegen solide Tumoren", of=title, engine="test"),
        },
        "summary": {"ja": original("固形がんを対象とする抗体薬物複合体のライセンス導入先を探しています。")},
        "partnership": ["licence"],
        "topics": ["antibodies", "oncology"],
        **changes,
    }
    body = {name: value for name, value in body.items() if value is not None}
    crossing = actions.Crossing(
        channel="osaka.example/kx/0123456789abcdef/0",
        agreement=agreement,
        clause="c1",
        index=0,
        onward=onward,
        tlp=tlp,
        open_until=now.replace(year=now.year + 3),
    )
    actions.receive(
        origin="osaka.example",
        side="osaka",
        record_id=record_id,
        body=body,
        person=None,
        regions=["JP-27"],
        issued=now,
        expires=None,
        crossing=crossing,
        now=now,
    )
    return record_id
