"""Reads of agreements and partners; every function asks first who is looking.

Everybody may read an agreement that is or was in force; drafts, partners and deliveries are for the
cluster's own team.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements import ports, terms
from kakehashi.agreements.coverage import own_kinds
from kakehashi.agreements.document import Document, party
from kakehashi.agreements.models import Agreement, Delivery, Partner, Proof, Termination
from kakehashi.agreements.terms import Standing, State
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import queries as records
from kakehashi.signing import canonical
from kakehashi.sme import queries as sme

PREFIX = "sha256-"
DELIVERIES_AT_ONCE = 20
SHORT = 12  # characters of a hash that name an agreement in an address


def agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """All that `viewer` may know of, those in force first, then the newest."""
    rows = Agreement.objects.order_by("-activated_at", "-proposed_at", "hash")
    return rows if viewer.is_staff else rows.filter(activated_at__isnull=False)


def get(viewer: Viewer, name: str) -> Agreement:
    """The one agreement whose hash is `name` or begins so, with or without "sha256-"; else NotFound."""
    start = name if name.startswith(PREFIX) else PREFIX + name
    if len(start) < len(PREFIX) + 8:
        raise NotFound(f"no agreement is named by so little: {name}")
    found = list(agreements(viewer).filter(hash__startswith=start)[:2])
    exact = [row for row in found if row.hash.startswith(start)]  # SQLite's LIKE does not mind the case
    if len(exact) != 1:
        raise NotFound(f"no agreement, or more than one: {name}")
    return exact[0]


def _must_read(viewer: Viewer, agreement: Agreement) -> None:
    if not viewer.is_staff and agreement.activated_at is None:
        raise NotFound(agreement.hash)


def short(hash: str) -> str:
    """The beginning of a hash by which an agreement is named in addresses."""
    return hash[len(PREFIX) : len(PREFIX) + SHORT]


def standing(agreement: Agreement) -> Standing:
    """The form in which `decide` and the exchange read an agreement."""
    return terms.standing(
        agreement.document,
        hash=agreement.hash,
        lineage=agreement.lineage,
        state=agreement.state,
        terminated=agreement.ends,
        suspended=agreement.suspended,
    )


def running(viewer: Viewer, now: datetime) -> list[Standing]:
    """All agreements in force at `now`, suspended ones too."""
    rows = agreements(viewer).filter(state=State.ACTIVE, starts__lte=now, ends__gt=now)
    return [standing(row) for row in rows.order_by("activated_at", "hash")]


def of_lineage(viewer: Viewer, lineage: str) -> list[Standing]:
    """All versions of one agreement that `viewer` may know of, first to last."""
    return [
        standing(row) for row in agreements(viewer).filter(lineage=lineage).order_by("version", "proposed_at")
    ]


def current(viewer: Viewer, lineage: str) -> Standing:
    """The version in force of a lineage, else the last one that was; NotFound if none ever was."""
    versions = [s for s in of_lineage(viewer, lineage) if s["state"] in (State.ACTIVE, State.ENDED)]
    if not versions:
        raise NotFound(lineage)
    return next((s for s in versions if s["state"] == State.ACTIVE), versions[-1])


def evidence(viewer: Viewer, agreement: Standing, now: datetime) -> list[dict[str, Any]]:
    """What shows that clauses are kept: rows of `records.queries.crossed`, and those of the SME clause.

    A clause that no kind of record fulfils by itself counts the records of companies that are small or
    mid-sized under their own law; its rows carry the "company". Once the agreement is over nothing that
    crossed may be read any more, and the logs say what it was.
    """
    if terms.open_code(agreement, now) == "agreement-ended":
        return ports.evidence(viewer, agreement["lineage"])
    rows = records.crossed(viewer, agreement["lineage"], now)
    benefit = [clause["id"] for clause in agreement["clauses"] if not own_kinds(agreement, clause["id"])]
    if not benefit:
        return rows
    owners = {row["owner"]: row for row in records.owners_crossed(viewer, agreement["lineage"], now)}
    small = sme.small_and_mid_sized(viewer, owners, now) if owners else []
    rows += [{**owners[each.record], "clause": id, "company": each} for id in benefit for each in small]
    return rows


def proofs(viewer: Viewer, agreement: Agreement) -> list[Proof]:
    """The signatures, in the order of the parties."""
    _must_read(viewer, agreement)
    order = [each["node"] for each in agreement.document["parties"]]
    return sorted(agreement.proofs.all(), key=lambda proof: order.index(proof.node))


def terminations(viewer: Viewer, agreement: Agreement) -> QuerySet[Termination]:
    """Declarations that the agreement ends."""
    _must_read(viewer, agreement)
    return agreement.terminations.order_by("effective")


def signed_document(agreement: Agreement) -> Document:
    """The document with the proofs that are there (EXCHANGE.md example B)."""
    order = [each["node"] for each in agreement.document["parties"]]
    rows = sorted(agreement.proofs.all(), key=lambda proof: order.index(proof.node))
    return {**agreement.document, "proof": [row.proof for row in rows]}


def may_withdraw(agreement: Agreement, own: str) -> bool:
    """Whether a proposal can still be declined or taken back: our signature has not left this node."""
    if agreement.state != State.PROPOSED or agreement.signed_at is not None:
        return False
    signed = agreement.proofs.filter(node=own).exists()
    return not (signed and agreement.deliveries.filter(attempts__gt=0).exists())


def signed_rival(agreement: Agreement, own: str) -> bool:
    """Whether this node has signed another document for the same version; void ones do not count."""
    rivals = Agreement.objects.filter(lineage=agreement.lineage, version=agreement.version, proofs__node=own)
    return rivals.exclude(pk=agreement.hash).exclude(state=State.VOID).exists()


def for_party(sender: str, hash: str) -> bytes:
    """The canonical signed document for a node that is a party; NotFound also where it may not know of it."""
    row = Agreement.objects.filter(pk=hash).first()
    if row is None or party(row.document, sender) is None:
        raise NotFound(hash)
    return canonical.encode(signed_document(row))


def partners(viewer: Viewer) -> QuerySet[Partner]:
    """All partners, for the cluster's team."""
    if not viewer.is_staff:
        raise NotAllowed("partners")
    return Partner.objects.order_by("side", "node").prefetch_related(
        Prefetch(
            "deliveries", Delivery.objects.filter(delivered_at__isnull=True).order_by("pk"), "open_deliveries"
        )
    )


def partner(viewer: Viewer, node: str) -> Partner:
    """One partner; NotFound if there is none."""
    found = partners(viewer).filter(pk=node).first()
    if found is None:
        raise NotFound(f"no partner {node}")
    return found


def party_of_partner(partner: Partner) -> Document:
    """The party that a partner is in an agreement, as its card introduced it."""
    return {
        "node": partner.node,
        "name": partner.name,
        "country": partner.country,
        "sector": partner.sector,
        "root": partner.root_keys,
        "contact": partner.contact,
        "place": partner.place,
        "region_name": partner.region_name,
        "side": partner.side,
    }


def trusted_roots(node: str) -> list[str]:
    """The public root keys of a partner whose fingerprint was confirmed; empty for everybody else."""
    found = Partner.objects.filter(pk=node, fingerprint_confirmed_at__isnull=False).first()
    return list(found.root_keys) if found else []


def shared_with(viewer: Viewer, node: str) -> list[Agreement]:
    """The agreements that `node` is a party of."""
    return [row for row in agreements(viewer) if party(row.document, node)]


def awaiting(viewer: Viewer, now: datetime) -> int:
    """How many proposals wait for a signature, and documents for their partner to take them."""
    open_ = Delivery.objects.filter(delivered_at__isnull=True, next_attempt__isnull=False).count()
    return agreements(viewer).filter(state=State.PROPOSED).count() + open_


def open_deliveries(viewer: Viewer, agreement: Agreement) -> list[Delivery]:
    """What the partners have not got yet, for the cluster's team."""
    if not viewer.is_staff:
        return []
    return list(
        agreement.deliveries.filter(delivered_at__isnull=True).select_related("partner").order_by("pk")
    )


def due_deliveries(now: datetime) -> list[Delivery]:
    """What the exchange should send now, oldest first; per partner only the first, since the order counts."""
    rows = Delivery.objects.filter(
        delivered_at__isnull=True, next_attempt__isnull=False, partner__suspended=False
    )
    first = _first_of_each(rows.filter(partner__fingerprint_confirmed_at__isnull=False).order_by("pk"))
    return [row for row in first if row.next_attempt and row.next_attempt <= now][:DELIVERIES_AT_ONCE]


def _first_of_each(rows: Iterable[Delivery]) -> list[Delivery]:
    first: dict[tuple[str, str], Delivery] = {}
    for row in rows:
        first.setdefault((row.partner_id, row.agreement_id), row)
    return list(first.values())
