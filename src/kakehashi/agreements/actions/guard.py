"""What every change of an agreement begins with: who asks, and the row held until the change is done."""

from kakehashi.accounts.viewer import Viewer
from kakehashi.agreements.models import Agreement
from kakehashi.errors import NotAllowed, NotFound


def managers_only(viewer: Viewer) -> None:
    """Signing, ending and configuring are a manager's business."""
    if not viewer.is_manager:
        raise NotAllowed("agreements")


def locked(hash: str) -> Agreement:
    """The row, locked; NotFound if there is none."""
    found = Agreement.objects.select_for_update().filter(pk=hash).first()
    if found is None:
        raise NotFound(hash)
    return found
