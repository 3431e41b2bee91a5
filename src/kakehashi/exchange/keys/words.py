"""The alarms about keys in sentences that a cluster manager understands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kakehashi.exchange.keys.health import Alarm

ALARMS: dict[str, str | Promise] = {
    "own-missing": _("This node has published no keys yet, so nothing can be exchanged."),
    "own-ended": _(
        "The keys of this node are no longer valid: partners accept nothing. Renew the key set now."
    ),
    "own-ending": _("The keys of this node end soon. Have the key set renewed with the root key."),
    "never-fetched": _("The partner's keys were never fetched. It is tried again by itself."),
    "unfetched": _(
        "The partner's keys could not be fetched for more than two days. "
        "After seven days nothing of it is accepted any more."
    ),
    "stale": _(
        "The partner's keys could not be fetched for seven days, so nothing is accepted until they are."
    ),
    "ended": _("The partner's keys are no longer valid. Nothing is accepted; call your partner."),
    "ending": _("The partner's keys end soon, and it has not renewed them yet. Call your partner."),
    "root-changed": _("The partner has a new root key. Compare its fingerprint by telephone first."),
    "suspect": _(
        "The partner has revoked a key. What that key signed afterwards is hidden and kept as proof."
    ),
}
STATES: dict[str, str | Promise] = {
    "signs": _("signs now"),
    "listed": _("listed for what it signed before"),
    "waiting": _("waits for the root key"),
}
USES: dict[str, str | Promise] = {
    "record": _("Records"),
    "log": _("Log and receipts"),
    "http": _("Requests to partners"),
}


def sentence(alarm: Alarm) -> str | Promise:
    return ALARMS[alarm.code]
