"""How agreements move from state to state as signatures arrive and time passes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements.actions.guard import locked, managers_only
from kakehashi.agreements.models import Agreement
from kakehashi.agreements.ports import state_changed
from kakehashi.agreements.queries import may_withdraw
from kakehashi.agreements.terms import PROPOSAL_LIFETIME, State, next_state
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict


def advance(agreement: Agreement, *, actor: str, now: datetime) -> State:
    """Move a locked agreement to the state that its signatures and the time give it."""
    before = State(agreement.state)
    parties = [party["node"] for party in agreement.document["parties"]]
    signed_by = set(agreement.proofs.values_list("node", flat=True))
    after = next_state(
        before,
        signed_by=signed_by,
        parties=parties,
        proposed=agreement.proposed_at,
        starts=agreement.starts,
        ends=agreement.ends,
        now=now,
    )
    if agreement.signed_at is None and signed_by >= set(parties):
        agreement.signed_at = now
        agreement.save(update_fields=["signed_at"])
    if after != before:
        _enter(agreement, after, actor=actor, now=now)
    return after


def _enter(agreement: Agreement, state: State, *, actor: str, now: datetime) -> None:
    if state == State.ACTIVE and _overtaken(agreement):
        state = State.VOID
    agreement.state = state
    if state == State.ACTIVE:
        agreement.activated_at = now
        _supersede(agreement, actor=actor, now=now)
    else:
        agreement.closed_at = now
    agreement.save(update_fields=["state", "activated_at", "closed_at"])
    note(at=now, actor=actor, action=f"agreements.{state}", object=agreement.hash, lineage=agreement.lineage)
    state_changed(agreement, now)


def _overtaken(agreement: Agreement) -> bool:
    """Another document of this version, or a later one, has come into force already."""
    versions = Agreement.objects.filter(lineage=agreement.lineage, activated_at__isnull=False)
    return versions.filter(version__gte=agreement.version).exclude(pk=agreement.hash).exists()


def _supersede(agreement: Agreement, *, actor: str, now: datetime) -> None:
    """A version in force ends the one before it."""
    former = Agreement.objects.select_for_update().filter(lineage=agreement.lineage, state=State.ACTIVE)
    for row in former.exclude(pk=agreement.hash):
        row.state, row.closed_at, row.ends = State.ENDED, now, min(row.ends, now)
        row.save(update_fields=["state", "closed_at", "ends"])
        note(at=now, actor=actor, action="agreements.superseded", object=row.hash, by=agreement.hash)
        state_changed(row, now)


def advance_due(*, now: datetime) -> int:
    """Activate what has begun, end what has run out, void what nobody signed; gives the number of changes."""
    begun = Q(state=State.PROPOSED, signed_at__isnull=False, starts__lte=now)
    stale = Q(state=State.PROPOSED, signed_at__isnull=True, proposed_at__lte=now - PROPOSAL_LIFETIME)
    over = Q(state=State.ACTIVE, ends__lte=now)
    due = Agreement.objects.filter(begun | stale | over).order_by("version")
    if not due.exists():  # most of the time: then nothing is locked
        return 0
    with transaction.atomic():
        before = [(row, row.state) for row in due.select_for_update()]
        return sum(advance(row, actor="worker", now=now) != state for row, state in before)


@transaction.atomic
def withdraw(*, viewer: Viewer, hash: str, own: str, now: datetime) -> Agreement:
    """Decline a proposal, or take one back: it is void on this node.

    Once our signature may have reached a partner it stands for the 90 days of a proposal: else one node
    could hold as void what the other holds as signed by all.
    """
    managers_only(viewer)
    agreement = locked(hash)
    if not may_withdraw(agreement, own):
        raise Conflict("only a proposal whose signature has not left this node can be withdrawn")
    agreement.state, agreement.closed_at = State.VOID, now
    agreement.save(update_fields=["state", "closed_at"])
    agreement.deliveries.filter(delivered_at__isnull=True).delete()
    note(at=now, actor=viewer.actor, action="agreements.withdraw", object=agreement.hash)
    state_changed(agreement, now)
    return agreement


@transaction.atomic
def set_suspended(*, viewer: Viewer, hash: str, suspended: bool, now: datetime) -> Agreement:
    """The local switch: stop serving and pulling under one agreement, or go on. Needs no signature."""
    managers_only(viewer)
    agreement = locked(hash)
    agreement.suspended = suspended
    agreement.save(update_fields=["suspended"])
    note(at=now, actor=viewer.actor, action="agreements.suspend", object=agreement.hash, suspended=suspended)
    return agreement


@transaction.atomic
def reminded(*, hash: str, days: int, reached: int, now: datetime) -> None:
    """The managers were told that the end is near: not again at this many days."""
    agreement = locked(hash)
    agreement.reminded = [*agreement.reminded, days]
    agreement.save(update_fields=["reminded"])
    note(at=now, actor="worker", action="agreements.reminded", object=agreement.hash, days=days, sent=reached)
