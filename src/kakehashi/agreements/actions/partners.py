"""Partners: added from their card, trusted once two people have compared the fingerprint."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements.actions.guard import managers_only
from kakehashi.agreements.cards import Card
from kakehashi.agreements.models import Partner
from kakehashi.agreements.queries import partner as find
from kakehashi.agreements.shape import gettext_noop
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict, InvalidInput
from kakehashi.signing.keys import fingerprint

OTHER_FINGERPRINT = gettext_noop("This is not the fingerprint of the partner's key.")
OWN_CARD = gettext_noop("This is the card of this node itself.")


@transaction.atomic
def add_partner(*, viewer: Viewer, card: Card, own: str, now: datetime) -> Partner:
    """Add or update a partner from a checked card. Other root keys than before must be confirmed anew."""
    managers_only(viewer)
    if card["node"] == own:
        raise InvalidInput({"": [OWN_CARD]})
    before = Partner.objects.filter(pk=card["node"]).first()
    keeps = before is not None and before.root_keys == card["root"]
    confirmed = (before.fingerprint_confirmed_at, before.confirmed_by) if before and keeps else (None, "")
    facts = {name: card[name] for name in _COLUMNS}
    found, _ = Partner.objects.update_or_create(
        node=card["node"],
        defaults={
            **facts,
            "root_keys": card["root"],
            "added_at": before.added_at if before else now,
            "fingerprint_confirmed_at": confirmed[0],
            "confirmed_by": confirmed[1],
            "proposed_roots": before.proposed_roots if before and keeps else [],
        },
    )
    note(
        at=now, actor=viewer.actor, action="agreements.add_partner", object=found.node, address=found.address
    )
    return found


@transaction.atomic
def confirm_fingerprint(*, viewer: Viewer, node: str, said: str, now: datetime) -> Partner:
    """Note that `said`, as the partner's people read it aloud, is the fingerprint of the partner's key."""
    managers_only(viewer)
    found = find(viewer, node)
    heard = "".join(said.lower().split())
    if heard not in ["".join(fingerprint(key).split()) for key in found.root_keys]:
        raise InvalidInput({"fingerprint": [OTHER_FINGERPRINT]})
    found.fingerprint_confirmed_at, found.confirmed_by = now, viewer.actor
    found.save(update_fields=["fingerprint_confirmed_at", "confirmed_by"])
    note(at=now, actor=viewer.actor, action="agreements.confirm_fingerprint", object=node, fingerprint=heard)
    return found


@transaction.atomic
def propose_roots(*, node: str, roots: list[str], now: datetime) -> None:
    """Keep root keys that a confirmed partner's present ones have signed, until a person confirms them."""
    found = Partner.objects.select_for_update().get(pk=node)
    if found.proposed_roots == roots or found.root_keys == roots:
        return
    found.proposed_roots = roots
    found.save(update_fields=["proposed_roots"])
    note(at=now, actor=node, action="agreements.propose_roots", object=node, roots=roots)


@transaction.atomic
def confirm_roots(*, viewer: Viewer, node: str, said: Collection[str], now: datetime) -> Partner:
    """Put the proposed root keys in force. `said`: the fingerprint of each new one, as it was read aloud."""
    managers_only(viewer)
    found = find(viewer, node)
    if not found.proposed_roots:
        raise Conflict(f"{node} has proposed no new root key")
    heard = {"".join(each.lower().split()) for each in said}
    new = [key for key in found.proposed_roots if key not in found.root_keys]
    if not heard >= {"".join(fingerprint(key).split()) for key in new}:
        raise InvalidInput({"fingerprint": [OTHER_FINGERPRINT]})
    found.root_keys, found.proposed_roots = found.proposed_roots, []
    found.fingerprint_confirmed_at, found.confirmed_by = now, viewer.actor
    found.save()
    note(at=now, actor=viewer.actor, action="agreements.confirm_roots", object=node, roots=found.root_keys)
    return found


@transaction.atomic
def suspend_partner(*, viewer: Viewer, node: str, suspended: bool, now: datetime) -> Partner:
    """The local switch: stop serving to and pulling from a partner, or go on."""
    managers_only(viewer)
    found = find(viewer, node)
    if found.suspended == suspended:
        raise Conflict(node)
    found.suspended = suspended
    found.save(update_fields=["suspended"])
    note(at=now, actor=viewer.actor, action="agreements.suspend_partner", object=node, suspended=suspended)
    return found


_COLUMNS = ("address", "name", "place", "region_name", "regions", "side", "country", "sector", "contact")
