"""The world of the access matrix: one record of each level, each with a word that nothing else holds."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from kakehashi.accounts.models import User
from kakehashi.accounts.viewer import Role, Viewer
from kakehashi.agreements.document import Permission
from kakehashi.importers import actions as importers
from kakehashi.matching import queries as matching
from kakehashi.matching.models import Alignment, Match
from kakehashi.records import actions
from kakehashi.records.kinds import CONVERSATION, FIELDS
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Passage, Reading, Record
from kakehashi.signing.keys import fingerprint
from kakehashi.translation.texts import original
from tests import cast
from tests.access.table import OWN_LEVELS, PAIRS, RECEIVED_LEVELS, ROLES
from tests.agreements import parties, partnership
from tests.importers import made
from tests.missions import day

OSAKA = "osaka.example"
EDITOR = Viewer(role=Role.EDITOR, actor="editor@munich.example")

# Forms filled in so well that only the sender can be wrong.
FORMS: dict[str, dict[str, str]] = {
    "accounts:person": {"role": "3"},
    "accounts:invite": {"email": "new@munich.example", "role": "1", "language": "de"},
    "accounts:set-active": {"active": "no"},
    "accounts:settings": {"name": "Erika Muster", "language": "de"},
    "agreements:partner": {"compared": "on", "fingerprint": fingerprint(parties.OSAKA.public)},
    "agreements:partner-suspend": {"suspended": "1"},
    "agreements:suspend": {"suspended": "1"},
    "matching:decide": {"says": "dismissed", "reason": "ip"},
    "introductions:thread": {"do": "cda", "words": ""},
    "introductions:wording": {"language": "en", "text": "Are there data?"},
    "records:change": {"to": "on_hold"},
    "records:erase": {"scope": "person", "basis": "gdpr-17"},  # not yet confirmed
    "records:level": {"audience": "private", "tlp": "RED", "onward": "none"},
}


def word(level: str) -> str:
    """The word in the title of the record of one level."""
    return f"Zyxo{level.replace('-', '')}wort"


@dataclass
class World:
    """`records` are (origin, id) by level, `clients` by role; `agreement` is in force, `draft` proposed."""

    now: datetime
    owner: UUID
    agreement: str
    draft: str
    records: dict[str, tuple[str, UUID]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    matches: dict[tuple[str, str], int] = field(default_factory=dict)
    reader: int = 0
    interest: UUID | None = None
    meeting: UUID | None = None
    upload: UUID | None = None
    mission: UUID | None = None
    guest: UUID | None = None
    practice: UUID | None = None
    term: UUID | None = None

    def address(self, name: str, about: str | tuple[str, str] = "") -> str:
        """The German address of a page, about the record of that level or the match of two."""
        about = about or ("received-public" if name == "introductions:ask" else "")
        origin, record = self.records.get(about, (cast.HERE, self.owner))
        if name.startswith("practices:"):
            origin, record = OSAKA, self.practice or record
        if name == "matching:term-proposal":
            origin, record = OSAKA, self.term or record
        if name == "introductions:wording":
            origin, record = OSAKA, self.interest or record
        draft = name in ("agreements:sign", "agreements:withdraw")
        known = {
            "origin": origin,
            "record": record,
            "asker": OSAKA,
            "interest": self.interest,
            "meeting": self.meeting,
            "kind": "offer",
            "kinds": "offers",
            "prefix": (self.draft if draft else self.agreement).removeprefix("sha256-")[:16],
            "hash": self.agreement,
            "node": OSAKA,
            "person_id": self.reader,
            "key": self.matches.get(about, "no-key"),
            "uidb36": "1",
            "upload_id": self.upload,
            "mission": self.mission,
            "company": self.owner,
            "of": OSAKA if name in ("missions:note", "missions:introduce") else cast.HERE,
            "other": self.guest,
            "number": 1,
            "form": "csv",
            "slug": "cancer",
            "token": "no-token",
            "change": 1,
            "period": "2026",
            "stage": "meeting",
            "says": "question",
            "member": "questions",
        }
        with override("de"):
            return reverse(name, kwargs={argument: known[argument] for argument in ARGUMENTS[name]})


def build(now: datetime) -> World:
    """Everything through the actions that pages and exchange call."""
    owner, other = cast.organisation(now), cast.organisation(now, name="Andere Biotech GmbH")
    term = {"starts": now - timedelta(days=30), "until": now + timedelta(days=1000)}
    agreement = partnership.active(now, parties.bilateral(permissions=_permissions(), **term))
    draft = partnership.proposal(now, parties.bilateral(id=UUID(int=8, version=4), **term))
    world = World(now, owner.id, agreement.hash, draft.hash)
    for level in OWN_LEVELS:
        world.records[level] = (cast.HERE, _own(now, owner, level).id)
    for level in RECEIVED_LEVELS:
        world.records[level] = (OSAKA, _received(now, level))
    world.term = cast.term(now)
    world.practice = cast.received(now, kind="practice", een_type=None, partnership=None)
    world.interest, world.meeting = _introduction(now, world, agreement.lineage)
    Passage.objects.update(agreement=agreement.lineage)
    for pair in PAIRS:
        world.matches[pair] = _match(world, *pair)
    world.upload = importers.keep(
        viewer=EDITOR, kind="offer", name="offers.csv", data=made.as_csv(made.rows(made.OFFER)), now=now
    ).id
    mission = day.announced_by(owner, agreement.lineage, now)
    day.enters(mission, owner, now)
    world.mission, world.guest = mission.id, day.meets(mission, owner, now)
    for role in ROLES:
        world.clients[role] = Client()
        if role != "public":
            person = _person(role, owner.id, other.id)
            world.clients[role].force_login(person)
            world.reader = person.pk if role == "reader" else world.reader
    return world


def _own(now: datetime, owner: Record, level: str) -> Record:
    if level == "draft":
        return actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner, title=word(level)), now=now)
    if level == "expired":
        return cast.offer(now - timedelta(days=400), owner, title=word(level))
    record = cast.offer(now, owner, title=word(level), audience="public" if level == "on-hold" else level)
    if level == "on-hold":
        actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.ON_HOLD, now=now)
    return record


def _received(now: datetime, level: str) -> UUID:
    """A request of Osaka; "ended" came under an agreement whose term is over."""
    onward = "public" if level == "ended" else level.removeprefix("received-")
    title = {"ja": {"text": word(level), "origin": "original"}}
    crossed = now - timedelta(days=4 * 366) if level == "ended" else now
    tlp = "CLEAR" if onward == "public" else "GREEN"
    return cast.received(crossed, onward=onward, tlp=tlp, title=title)


def _permissions() -> list[Permission]:
    kinds = (*FIELDS, *CONVERSATION)
    return [
        Permission("munich.example", regions=("DE-BY",), kinds=kinds),
        Permission(OSAKA, regions=("JP-27", "JP-28"), kinds=kinds),
    ]


def _introduction(now: datetime, world: World, lineage: str) -> tuple[UUID, UUID]:
    """Osaka asks about the public offer, its owner has said yes, and a meeting is arranged."""
    about = {"origin": cast.HERE, "id": str(world.records["public"][1])}
    said = {"kind": "interest", "says": "checked", "about": about, "topics": ["oncology"]}
    said |= {"questions": {"ja": original("データはありますか。")}}
    without = ("een_type", "title", "summary", "partnership")
    interest = cast.received(now, onward="members", tlp="AMBER", **said, **dict.fromkeys(without))
    owner = cast.offer_body(Record.objects.get(pk=world.owner))["organisation"]
    head = {"lang": "de", "organisation": owner, "about": {"origin": OSAKA, "id": str(interest)}}
    manager = Viewer(role=Role.MANAGER, actor="manager@munich.example")
    for body in ({"kind": "reply", "says": "accepted"}, {"kind": "outcome", "says": "meeting", **MEETING}):
        told = actions.say(viewer=manager, body={**head, **body}, lineage=lineage, now=now)
    return interest, told.id


MEETING = {"start": "2026-12-01T08:00:00Z", "minutes": 45}


def _match(world: World, one: str, other: str) -> int:
    """A match as the worker writes it, its phrases aligned: none."""
    own, theirs = (Reading.objects.get(record=world.records[level][1]) for level in (one, other))
    found = Match.objects.create(
        own=own, other=theirs, score=0.5, components=[], conditions=[], encoder="test", computed_at=world.now
    )
    content = {"one": [], "other": [], "links": []}
    Alignment.objects.create(
        match=found, digests=matching.text_digests(found), content=content, computed_at=world.now
    )
    return found.pk


def _person(role: str, owner: UUID, other: UUID) -> User:
    kind = Role.MEMBER if role.startswith("member") else Role[role.upper()]
    organisation = {"member of the owner": owner, "member of another": other}.get(role)
    email = f"{role.replace(' ', '-')}@munich.example"
    return User.objects.create(email=email, role=kind.value, organisation=organisation, password="set")


def patterns(resolver: URLResolver, before: str = "", space: str = "") -> list[tuple[str, str, URLPattern]]:
    """(name, route, pattern) of every address that can be reached."""
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += patterns(each, route, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            found.append((space + each.name if each.name else "", route, each))
    return found


def arguments(pattern: URLPattern) -> list[str]:
    return [
        *pattern.pattern.converters,
        *(pattern.pattern.regex.groupindex.keys() - pattern.pattern.converters),
    ]


ADDRESSES = patterns(get_resolver())
ARGUMENTS = {name: arguments(pattern) for name, route, pattern in ADDRESSES if name}
