"""Codes of the protocol in words that a cluster manager understands."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Why reading a partner's channel does not go on: codes of the protocol, and our own for the way there.
TROUBLE: dict[str, str | Promise] = {
    "unreachable": _("The partner's node does not answer. It is tried again by itself."),
    "too-slow": _("The partner's node answers too slowly. It is tried again by itself."),
    "redirected": _(
        "The partner's address leads somewhere else. Redirects are never followed: ask the partner."
    ),
    "bad-answer": _("The partner's address answers something that is not the exchange. Ask the partner."),
    "forbidden-address": _("The partner's name leads to no public address. Nothing was sent there."),
    "rate-limited": _("The partner asks for a pause. Reading goes on by itself."),
    "overloaded": _("The partner's node is busy. Reading goes on by itself."),
    "origin-recovering": _("The partner restores its data. Reading goes on by itself."),
    "space-low": _(
        "Little room is left on this node's disk, so reading pauses. It goes on when there is room; partners "
        "can still read from here."
    ),
    "disk-full": _(
        "The disk of this node is full. Nothing half-done was kept; reading goes on when there is room."
    ),
    "damaged": _(
        "Data of this node are damaged, so nothing is taken in. Ask whoever runs this node to call "
        "“kakehashi doctor”."
    ),
    "disk-low": _("The partner's disk is nearly full. Reading goes on when there is room."),
    "keyset-stale": _(
        "The partner's keys could not be fetched for seven days, so nothing is accepted until they are."
    ),
    "keyset-invalid": _(
        "The partner's keys are not signed as agreed. Nothing is accepted; call your partner."
    ),
    "keyset-rollback": _("The partner shows older keys than before. Reading has stopped; call your partner."),
    "root-changed": _("The partner has a new root key. Compare its fingerprint by telephone first."),
    "key-unknown": _("The partner does not know our key yet. It is tried again by itself."),
    "key-revoked": _("Our key is no longer accepted there. Publish a new key set."),
    **dict.fromkeys(
        ("sig-expired", "clock-skew"),
        _("The clocks of the two nodes differ by more than two minutes. Set them right."),
    ),
    "sig-invalid": _("The partner could not verify our request. The operators must look."),
    "not-a-party": _("The partner does not know us as a party of this agreement."),
    "not-found": _("The partner does not have this channel yet. It is tried again by itself."),
    "agreement-not-active": _(
        "The agreement is not in force at the partner yet. It is tried again by itself."
    ),
    "agreement-ended": _("The agreement has ended. What was received is no longer shown."),
    "channel-suspended": _("The partner has suspended the exchange for now."),
    "epoch-closed": _(
        "The partner has closed its log and begun a new one. Reading has stopped; call your partner."
    ),
    "from-beyond-size": _(
        "The partner has less than we read from it: its data may have been restored from a backup. "
        "Reading has stopped; call your partner."
    ),
    "fork": _(
        "The partner told two different things under one number. Reading has stopped, both are kept as proof."
    ),
    "root-mismatch": _("What came does not fit what the partner signed. Nothing of it is accepted."),
    "checkpoint-sig": _("The partner's signature under its log does not verify. Nothing of it is accepted."),
    "part-mismatch": _("A record came altered. It is asked for again; nothing altered is accepted."),
    "wrong-channel": _("The partner sent what belongs elsewhere. Nothing of it is accepted."),
    "bomb": _("The answer swelled beyond every measure and was refused."),
}
TROUBLE_OTHERWISE = _("What came was not as agreed, and nothing of it is accepted. It is asked for again.")

# Why one record of a partner is not shown here.
REFUSED: dict[str, str | Promise] = {
    "policy-kind": _("The agreement does not let this kind of record cross."),
    "policy-topic": _("The agreement does not cover its topics."),
    "policy-region": _("The agreement does not cover its region."),
    "policy-tlp": _("It is labelled more confidential than the agreement lets cross."),
    "policy-part": _("It carries personal data that the agreement does not let cross. They were not read."),
    "not-a-party": _("Its sender is no party of the agreement."),
    "agreement-ended": _("The agreement had ended."),
    "agreement-not-active": _("The agreement was not in force."),
    "agreement-conflict": _("It names another version of the agreement than the one in force."),
    "expired": _("It had expired when it came."),
    "clock": _("It is dated in the future. It is looked at again when its time has come."),
    "schema-unknown": _("It is of a kind or form that this version does not know. It waits for an update."),
    "schema-invalid": _("It is not complete or not in the agreed form."),
    "record-sig": _("Its signature is not by the partner's key."),
    "key-revoked": _("It was signed with a key that the partner has revoked."),
    "rev-gap": _("A revision before it is missing."),
    "part-missing": _("Its text did not come with it. It is shown as soon as it comes."),
    "altered": _("What is stored of it is no longer what was signed: it was changed on this node."),
    "part-mismatch": _("Its text came altered five times and was refused."),
}
REFUSED_OTHERWISE = _("It was not as agreed.")


# Why a record was taken back: reasons of our own entries; other words of a partner are shown as they are.
REASONS: dict[str, str | Promise] = {
    "withdrawn": "",  # said by its op already
    "on_hold": _("put on hold"),
    "archived": _("archived"),
    "expired": _("expired"),
    "draft": _("a draft again"),
    "in_review": _("in review again"),
    "erased": _("erased"),
    "no-longer-covered": _("no longer covered by its level or the agreement"),
}
PARTS: dict[str, str | Promise] = {"body": _("its texts"), "person": _("its personal part")}


def trouble(code: str) -> str | Promise:
    """Why reading does not go on; empty if it does."""
    return TROUBLE.get(code, TROUBLE_OTHERWISE) if code else ""


def refused(code: str) -> str | Promise:
    """Why one record is not shown."""
    return REFUSED.get(code, REFUSED_OTHERWISE)
