"""This node in agreement with a partner who asks and answers: both parts, in one process."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kakehashi import this
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.introductions import actions, queries
from kakehashi.introductions.actions.asking import Asked
from kakehashi.introductions.contact import Contact
from kakehashi.introductions.events import Key
from kakehashi.introductions.queries import Introduction
from kakehashi.records.kinds import CONVERSATION, FIELDS
from kakehashi.records.models import Record
from kakehashi.signing.commit import stamp
from kakehashi.translation.texts import original
from tests import cast
from tests.exchange import world as exchange
from tests.exchange.origin import HERE, THERE

ASKED = Asked(
    ["licence"], "Gibt es Daten zur Verträglichkeit?", "Wir entwickeln Antikörper gegen Tumoren.", "de"
)
ERIKA = Contact("Erika Muster", "erika@isar-biologics.example", "+49 89 123456")
HANAKO = {"contact": {"name": "山田花子", "email": "hanako@naniwa.example"}}
NANIWA = {"origin": THERE, "id": "6f0e2a52-6a54-4c0f-8f3f-5a7c9f8f2b11", "name": "なにわ製薬"}


class World(exchange.World):
    """Isar Biologics is a member here, Naniwa there; each has an offer that the other may see."""

    def __init__(self, now: datetime, **grant: Any) -> None:
        facts = {"kinds": (*FIELDS, *CONVERSATION), "parts": ("body", "person")}
        super().__init__(now, **{**facts, **grant})
        self.isar = cast.organisation(now)
        self.offer = cast.offer(now, self.isar)
        self.member = cast.member(self.isar.id)
        self.other = cast.member(cast.organisation(now, name="Andere Biotech GmbH").id)
        self.manager = Viewer(role=Role.MANAGER, actor="manager@munich.example")
        self.there = uuid4()
        self.heard(self.there, exchange.body())

    # the partner's part

    def heard(self, id: UUID, body: dict[str, Any], person: dict[str, Any] | None = None) -> None:
        """The partner says something, and this node reads it."""
        kinds = {"kind": body["kind"], "tlp": "AMBER", "onward": "members", "clause": None}
        self.origin.put(id, body=body, person=person, **kinds)
        self.apply()

    def says(self, kind: str, says: str, about: Key, now: datetime, **members: Any) -> UUID:
        id, person = members.pop("id", None) or uuid4(), members.pop("person", None)
        body = {
            "kind": kind,
            "revision": members.pop("revision", 1),
            "lang": "ja",
            "about": {"origin": about[0], "id": about[1]},
            "organisation": NANIWA,
            "says": says,
            "at": stamp(now),
            **members,
        }
        self.heard(id, body, person)
        return id

    def asked_from_there(self, now: datetime, **members: Any) -> Key:
        """Naniwa's interest in the offer here, checked by its cluster."""
        questions = {"questions": {"ja": original("毒性試験の結果はありますか。")}}
        id = self.says("interest", "checked", (HERE, str(self.offer.id)), now, **questions, **members)
        return THERE, str(id)

    # this node's part

    def ask(self, viewer: Viewer | None = None, **changes: Any) -> Key:
        """Isar's interest in the offer there."""
        facts = {"origin": THERE, "record_id": self.there, "asked": ASKED, "contact": ERIKA, "now": self.now}
        id = actions.ask(viewer=viewer or self.member, **{**facts, **changes})
        return this.node().name, str(id)

    def checked(self) -> Key:
        key = self.ask()
        actions.check(viewer=self.manager, interest=key, now=self.now)
        return key

    def of(self, key: Key, viewer: Viewer | None = None, now: datetime | None = None) -> Introduction:
        return queries.one(viewer or self.manager, key[0], UUID(key[1]), now or self.now)


def crossed(world: World, record: Record | UUID) -> list[bytes]:
    """The living parts of one record in this node's log: what the partner can read of it."""
    from kakehashi.exchange.models import Part

    id = record if isinstance(record, UUID) else record.id
    return [
        bytes(data) for data in Part.objects.filter(record=id).order_by("name").values_list("data", flat=True)
    ]
