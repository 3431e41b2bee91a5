"""Partners, proposals, signatures and ends on the tables of one node."""

from datetime import timedelta

import pytest

from kakehashi.agreements import actions, queries, signatures
from kakehashi.agreements.actions import signing
from kakehashi.agreements.models import Agreement, Delivery
from kakehashi.agreements.terms import State
from kakehashi.audit.models import Entry
from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.signing import canonical
from kakehashi.signing.keys import fingerprint
from kakehashi.signing.proof import document_hash
from tests.agreements import parties, partnership
from tests.agreements.parties import KYOTO, MUNICH, OSAKA, UNTIL, bilateral, card, signed, trilateral
from tests.agreements.partnership import HERE, OWN, THERE
from tests.cast import EDITOR, MANAGER, NOBODY, READER

pytestmark = pytest.mark.django_db

STRANGE = bilateral(parties=[parties.party(HERE, KYOTO), parties.party(THERE, OSAKA)])


def test_a_partner_counts_only_after_its_fingerprint_is_confirmed(now):
    partnership.partner(now, confirmed=False)
    assert queries.trusted_roots(THERE) == []
    with pytest.raises(InvalidInput):
        actions.confirm_fingerprint(viewer=MANAGER, node=THERE, said=fingerprint(KYOTO.public), now=now)
    actions.confirm_fingerprint(viewer=MANAGER, node=THERE, said=fingerprint(OSAKA.public).upper(), now=now)
    assert queries.trusted_roots(THERE) == [OSAKA.public]


def test_a_card_with_another_key_must_be_confirmed_anew_and_one_with_the_same_need_not(now):
    partnership.partner(now)
    actions.add_partner(viewer=MANAGER, card=card(contact="mailto:bridge@osaka.example"), own=HERE, now=now)
    assert queries.trusted_roots(THERE) == [OSAKA.public]
    actions.add_partner(viewer=MANAGER, card=card(key=KYOTO), own=HERE, now=now)
    assert queries.trusted_roots(THERE) == []


def test_nobody_is_a_partner_of_itself(now):
    with pytest.raises(InvalidInput):
        actions.add_partner(viewer=MANAGER, card=card(HERE, MUNICH), own=HERE, now=now)


def test_a_proposal_needs_confirmed_partners_with_the_keys_that_are_known(now):
    with pytest.raises(InvalidInput):
        partnership.proposal(now)
    partnership.partner(now, confirmed=False)
    with pytest.raises(InvalidInput):
        partnership.proposal(now)
    partnership.partner(now)
    with pytest.raises(InvalidInput):
        partnership.proposal(now, bilateral(parties=[OWN, parties.party(THERE, KYOTO)]))
    assert partnership.proposal(now).state == State.PROPOSED


def test_a_proposal_is_sent_once_it_is_signed_here_and_is_in_force_once_the_partner_has_signed(now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    assert queries.due_deliveries(now) == []
    partnership.sign_here(agreement, now)
    (delivery,) = queries.due_deliveries(now)
    assert (delivery.verb, delivery.path) == ("PUT", f"/agreements/{agreement.hash}")
    assert document_hash(canonical.decode(bytes(delivery.body), limit=10**6)) == agreement.hash
    assert queries.running(MANAGER, now) == []
    partnership.sign_there(agreement, now)
    (standing,) = queries.running(MANAGER, now)
    assert standing["hash"] == standing["lineage"] == agreement.hash
    assert [proof.node for proof in queries.proofs(MANAGER, agreement)] == [HERE, THERE]


def test_a_received_draft_waits_for_a_human_and_its_answer_goes_back_as_a_proof(now):
    partnership.partner(now)
    agreement = partnership.received(now)
    assert (agreement.state, agreement.proposed_by) == (State.PROPOSED, THERE)
    partnership.sign_here(agreement, now)
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE
    (delivery,) = queries.due_deliveries(now)
    assert (delivery.verb, delivery.path) == ("POST", f"/agreements/{agreement.hash}/proofs")
    proof = canonical.decode(bytes(delivery.body), limit=10**5)
    assert signatures.signer(agreement.document, proof) == HERE


def test_receiving_the_same_draft_or_proof_again_changes_nothing(now):
    partnership.partner(now)
    whole = signed(bilateral(), THERE)
    facts = {"data": canonical.encode(whole), "hash": document_hash(whole), "sender": THERE, "own": OWN}
    assert actions.receive_draft(**facts, now=now)[1] is True
    before = Entry.objects.count()
    assert actions.receive_draft(**facts, now=now)[1] is False
    assert Entry.objects.count() == before
    partnership.sign_there(Agreement.objects.get(), now)
    assert Agreement.objects.get().proofs.count() == 1


def test_a_draft_from_a_stranger_or_about_others_is_refused(now):
    whole = signed(bilateral(), THERE)
    facts = {"data": canonical.encode(whole), "hash": document_hash(whole), "own": OWN, "now": now}
    with pytest.raises(NotAllowed):
        actions.receive_draft(**facts, sender=THERE)
    partnership.partner(now)
    partnership.partner(now, "kyoto.example", KYOTO)
    with pytest.raises(NotAllowed):
        actions.receive_draft(**facts, sender="kyoto.example")
    assert Agreement.objects.count() == 0


@pytest.mark.parametrize(
    ("whole", "hash", "reason"),
    [
        (signed(bilateral(), THERE), "sha256-" + "x" * 43, signing.WRONG_HASH),
        (signed(bilateral(), HERE), None, signing.NO_PROOF),
        (bilateral(), None, signing.NO_PROOF),
        ({**signed(bilateral(), THERE), "proof": [{"x": 1}]}, None, signatures.NOT_BY_A_PARTY),
        (signed(STRANGE, THERE), None, signing.OTHER_KEYS),
        (signed(trilateral(), THERE), None, signing.UNKNOWN_PARTNER),
    ],
    ids=["other hash", "not by sender", "unsigned", "no proof", "other key for us", "unknown party"],
)
def test_a_hostile_draft_is_refused_with_a_readable_reason(now, whole, hash, reason):
    partnership.partner(now)
    with pytest.raises(InvalidInput) as refused:
        actions.receive_draft(
            data=canonical.encode(whole), hash=hash or document_hash(whole), sender=THERE, own=OWN, now=now
        )
    assert [reason] in refused.value.problems.values()
    assert Agreement.objects.count() == 0


def test_a_party_cannot_deliver_a_proof_made_by_nobody(now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    proof = canonical.encode(parties.signatures.sign(bilateral(notice_days=9), THERE, OSAKA, now))
    with pytest.raises(InvalidInput):
        actions.receive_proof(data=proof, hash=agreement.hash, sender=THERE, now=now)
    with pytest.raises(NotFound):
        actions.receive_proof(data=proof, hash=agreement.hash, sender="kyoto.example", now=now)
    assert agreement.proofs.count() == 0


def test_one_cannot_upload_the_partners_signature_as_ones_own(now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    proof = signatures.sign(agreement.document, THERE, OSAKA, now)
    with pytest.raises(InvalidInput):
        actions.add_proof(viewer=MANAGER, hash=agreement.hash, proof=proof, own=HERE, now=now)


def test_three_parties_are_in_force_only_when_all_three_have_signed(now):
    partnership.partner(now)
    partnership.partner(now, "kyoto.example", KYOTO)
    agreement = partnership.proposal(now, trilateral())
    partnership.sign_here(agreement, now)
    assert {delivery.partner_id for delivery in queries.due_deliveries(now)} == {THERE, "kyoto.example"}
    partnership.sign_there(agreement, now)
    assert queries.running(MANAGER, now) == []
    partnership.sign_there(agreement, now, "kyoto.example", KYOTO)
    assert len(queries.running(MANAGER, now)) == 1


def test_only_the_demonstration_signs_with_a_root_key_on_the_node(now, tmp_path):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    with pytest.raises(NotAllowed):
        actions.sign_with_node_root(
            viewer=MANAGER, hash=agreement.hash, node=partnership.home(tmp_path / "real", demo=False), now=now
        )
    node = partnership.home(tmp_path / "demo")
    actions.sign_with_node_root(viewer=MANAGER, hash=agreement.hash, node=node, now=now)
    assert [proof.node for proof in agreement.proofs.all()] == [HERE]


@pytest.mark.parametrize("viewer", [NOBODY, READER, EDITOR])
def test_only_managers_sign_end_and_configure(viewer, now):
    agreement = partnership.active(now)
    proof = signatures.sign(agreement.document, HERE, MUNICH, now)
    tries = [
        lambda: actions.add_partner(viewer=viewer, card=card(), own=HERE, now=now),
        lambda: actions.confirm_fingerprint(
            viewer=viewer, node=THERE, said=fingerprint(OSAKA.public), now=now
        ),
        lambda: actions.suspend_partner(viewer=viewer, node=THERE, suspended=True, now=now),
        lambda: actions.propose(viewer=viewer, document=bilateral(), own=OWN, now=now),
        lambda: actions.add_proof(viewer=viewer, hash=agreement.hash, proof=proof, own=HERE, now=now),
        lambda: actions.set_suspended(viewer=viewer, hash=agreement.hash, suspended=True, now=now),
        lambda: actions.withdraw(viewer=viewer, hash=agreement.hash, own=HERE, now=now),
        lambda: actions.retry(viewer=viewer, agreement=agreement, now=now),
        lambda: actions.draft_termination(
            viewer=viewer, agreement=agreement, own=HERE, effective=now, reason="cause", now=now
        ),
    ]
    before = Entry.objects.count()
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    assert Entry.objects.count() == before


def test_an_agreement_begins_with_its_term_and_ends_with_it(now):
    document = bilateral(starts=now + timedelta(days=10))
    agreement = partnership.active(now, document)
    assert agreement.state == State.PROPOSED
    assert actions.advance_due(now=now + timedelta(days=9)) == 0
    assert actions.advance_due(now=now + timedelta(days=10)) == 1
    assert len(queries.running(MANAGER, now + timedelta(days=10))) == 1
    assert actions.advance_due(now=UNTIL) == 1
    agreement.refresh_from_db()
    assert (agreement.state, agreement.closed_at) == (State.ENDED, UNTIL)
    assert queries.running(MANAGER, UNTIL) == []


def test_a_proposal_that_nobody_answers_is_void_after_90_days(now):
    partnership.partner(now)
    partnership.sign_here(partnership.proposal(now), now)
    assert actions.advance_due(now=now + timedelta(days=89)) == 0
    assert actions.advance_due(now=now + timedelta(days=90)) == 1
    with pytest.raises(Conflict):
        partnership.sign_there(Agreement.objects.get(), now + timedelta(days=91))


def test_a_withdrawn_proposal_is_void_and_no_longer_sent(now):
    partnership.partner(now)
    agreement = partnership.sign_here(partnership.proposal(now), now)
    actions.withdraw(viewer=MANAGER, hash=agreement.hash, own=HERE, now=now)
    assert queries.due_deliveries(now) == []
    with pytest.raises(Conflict):
        partnership.sign_there(agreement, now)


def test_what_is_in_force_cannot_be_withdrawn(now):
    agreement = partnership.active(now)
    with pytest.raises(Conflict):
        actions.withdraw(viewer=MANAGER, hash=agreement.hash, own=HERE, now=now)


def test_ending_honours_the_notice_reaches_the_partner_and_takes_effect_at_its_day(now, tmp_path):
    agreement = partnership.active(now)
    actions.delivered(delivery_id=queries.due_deliveries(now)[0].pk, now=now)
    node, effective = partnership.home(tmp_path), now + timedelta(days=184)
    with pytest.raises(InvalidInput):
        actions.end_with_node_root(
            viewer=MANAGER,
            agreement=agreement,
            node=node,
            effective=now + timedelta(days=30),
            reason="notice",
            now=now,
        )
    actions.end_with_node_root(
        viewer=MANAGER, agreement=agreement, node=node, effective=effective, reason="notice", now=now
    )
    (delivery,) = queries.due_deliveries(now)
    assert (delivery.what, delivery.path) == ("termination", f"/agreements/{agreement.hash}/termination")
    assert len(queries.running(MANAGER, effective - timedelta(seconds=1))) == 1
    assert queries.running(MANAGER, effective) == []
    assert actions.advance_due(now=effective) == 1


def termination(agreement, now, *, effective=None, reason="cause", key=OSAKA, by=THERE):
    facts = signatures.termination(agreement.hash, by, effective or now, reason, now)
    return {**facts, "proof": [signatures.sign(facts, by, key, now)]}


def test_a_partner_ends_for_cause_at_once_and_saying_it_again_changes_nothing(now):
    agreement = partnership.active(now)
    data = canonical.encode(termination(agreement, now))
    for _ in range(2):
        ended = actions.receive_termination(data=data, hash=agreement.hash, sender=THERE, now=now)
    assert ended.state == State.ENDED
    assert queries.terminations(MANAGER, agreement).count() == 1


def test_a_notice_cannot_be_backdated_forged_or_said_in_the_name_of_the_other(now):
    agreement = partnership.active(now)
    later = now + timedelta(days=200)
    wrong = [
        termination(agreement, now, effective=later, reason="notice"),
        termination(agreement, later + timedelta(days=1)),
        termination(agreement, later, key=KYOTO),
        termination(agreement, later, key=MUNICH, by=HERE),
    ]
    for ending_ in wrong:
        with pytest.raises(InvalidInput):
            actions.receive_termination(
                data=canonical.encode(ending_), hash=agreement.hash, sender=THERE, now=later
            )
    assert len(queries.running(MANAGER, later)) == 1


def test_an_ended_agreement_cannot_be_ended_again(now):
    agreement = partnership.active(now)
    ended = termination(agreement, now)
    actions.receive_termination(data=canonical.encode(ended), hash=agreement.hash, sender=THERE, now=now)
    agreement.refresh_from_db()
    with pytest.raises(Conflict):
        actions.draft_termination(
            viewer=MANAGER, agreement=agreement, own=HERE, effective=now, reason="cause", now=now
        )


def test_a_delivery_is_tried_again_after_growing_pauses_and_no_more_once_refused_for_good(now):
    partnership.partner(now)
    partnership.sign_here(partnership.proposal(now), now)
    (delivery,) = queries.due_deliveries(now)
    pauses = []
    for _ in range(12):
        actions.delivery_failed(delivery_id=delivery.pk, failure="overloaded", now=now)
        pauses.append((Delivery.objects.get().next_attempt - now).total_seconds())
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == 300
    assert queries.due_deliveries(now) == []
    assert len(queries.due_deliveries(now + timedelta(minutes=5))) == 1
    actions.delivery_failed(delivery_id=delivery.pk, failure="not-canonical", now=now, final=True)
    assert queries.due_deliveries(now + timedelta(days=1)) == []
    actions.retry(viewer=MANAGER, agreement=delivery.agreement, now=now)
    assert len(queries.due_deliveries(now)) == 1


def test_deliveries_to_one_partner_keep_their_order_and_wait_while_it_is_suspended(now):
    agreement = partnership.active(now)
    ended = signatures.termination(agreement.hash, HERE, now, "cause", now)
    ended["proof"] = [signatures.sign(ended, HERE, MUNICH, now)]
    actions.end(viewer=MANAGER, ending=ended, own=HERE, now=now)
    assert [row.what for row in queries.due_deliveries(now)] == ["draft"]
    actions.delivery_failed(delivery_id=queries.due_deliveries(now)[0].pk, failure="x", now=now)
    assert queries.due_deliveries(now) == []
    later = now + timedelta(minutes=1)
    actions.delivered(delivery_id=queries.due_deliveries(later)[0].pk, now=later)
    assert [row.what for row in queries.due_deliveries(later)] == ["termination"]
    actions.suspend_partner(viewer=MANAGER, node=THERE, suspended=True, now=later)
    assert queries.due_deliveries(later) == []


def second_version(first, **changes):
    return {**bilateral(), "version": 2, "prev": first.hash, **changes}


def test_threat_39_a_second_version_counts_only_when_both_have_signed_and_then_ends_the_first(now):
    first = partnership.active(now)
    title = {"en": "Agreement, amended"}
    second = partnership.proposal(now, second_version(first, title=title))
    assert second.lineage == first.hash
    partnership.sign_here(second, now)
    actions.advance_due(now=now)
    assert queries.current(MANAGER, first.hash)["hash"] == first.hash
    partnership.sign_there(second, now)
    assert queries.current(MANAGER, first.hash)["hash"] == second.hash
    assert [standing["state"] for standing in queries.of_lineage(MANAGER, first.hash)] == ["ended", "active"]


def test_a_later_version_must_follow_one_that_was_in_force(now):
    first = partnership.active(now)
    for wrong in (
        {"prev": "sha256-" + "x" * 43},
        {"version": 3},
        {"id": "urn:uuid:" + "0" * 8 + "-0000" * 3 + "-" + "0" * 12},
    ):
        with pytest.raises(InvalidInput):
            partnership.proposal(now, second_version(first, **wrong))


def test_the_public_reads_what_is_or_was_in_force_and_no_drafts(now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    for viewer in (NOBODY, READER):
        assert list(queries.agreements(viewer)) == []
        with pytest.raises(NotFound):
            queries.get(viewer, agreement.hash)
        with pytest.raises(NotAllowed):
            queries.partners(viewer)
    partnership.sign_here(agreement, now)
    partnership.sign_there(agreement, now)
    assert queries.get(NOBODY, agreement.hash[7:19]).hash == agreement.hash


def test_a_name_too_short_or_in_other_case_finds_nothing(now):
    agreement = partnership.active(now)
    for name in ("", "sha256-", agreement.hash[7:12], agreement.hash[7:20].swapcase(), "%%%%%%%%%%%%"):
        with pytest.raises(NotFound):
            queries.get(MANAGER, name)


def test_a_third_cluster_gets_no_document_and_knows_of_none(now):
    agreement = partnership.active(now)
    assert queries.for_party(THERE, agreement.hash) == canonical.encode(queries.signed_document(agreement))
    with pytest.raises(NotFound):
        queries.for_party("kyoto.example", agreement.hash)
    assert queries.shared_with(MANAGER, "kyoto.example") == []


def test_every_change_leaves_an_audit_row(now):
    agreement = partnership.active(now)
    noted = list(Entry.objects.filter(object=agreement.hash).order_by("pk").values_list("action", flat=True))
    assert noted == ["agreements.propose", "agreements.signed", "agreements.signed", "agreements.active"]
