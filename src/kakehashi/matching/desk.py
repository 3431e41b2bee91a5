"""Whose decision about a match it is: that of a member's organisation, or of the cluster's team."""

from kakehashi.accounts.viewer import Viewer

TEAM = ""
SHORTLISTED, DISMISSED = "shortlisted", "dismissed"
SAYINGS = (SHORTLISTED, DISMISSED)
# What a list of matches can be limited to: those not dismissed, and so on.
OPEN, PASSED = "open", "passed"
LISTS = (OPEN, SHORTLISTED, PASSED, DISMISSED)


def desk_of(viewer: Viewer) -> str | None:
    """The desk that `viewer` works at; None for whoever has none (readers, the public)."""
    if viewer.is_staff:
        return TEAM
    return str(viewer.organisation) if viewer.is_member and viewer.organisation else None
