"""Changes of agreements and partners: the pages, the commands, the exchange and the jobs call these."""

from kakehashi.agreements.actions.deliveries import delivered, delivery_failed, retry
from kakehashi.agreements.actions.ending import (
    draft_termination,
    end,
    end_with_node_root,
    receive_termination,
)
from kakehashi.agreements.actions.life import advance_due, reminded, set_suspended, withdraw
from kakehashi.agreements.actions.partners import (
    add_partner,
    confirm_fingerprint,
    confirm_roots,
    propose_roots,
    suspend_partner,
)
from kakehashi.agreements.actions.signing import (
    add_proof,
    propose,
    receive_draft,
    receive_proof,
    sign_with_node_root,
)

__all__ = [
    "add_partner",
    "add_proof",
    "advance_due",
    "confirm_fingerprint",
    "confirm_roots",
    "delivered",
    "delivery_failed",
    "draft_termination",
    "end",
    "end_with_node_root",
    "propose",
    "propose_roots",
    "receive_draft",
    "receive_proof",
    "receive_termination",
    "reminded",
    "retry",
    "set_suspended",
    "sign_with_node_root",
    "suspend_partner",
    "withdraw",
]
