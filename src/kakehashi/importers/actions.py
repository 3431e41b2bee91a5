"""Changes that uploads go through: kept, corrected, imported, forgotten."""

from datetime import datetime

from kakehashi.importers.models import Upload


def forget_due(*, now: datetime) -> int:
    """Delete uploads past their date; how many."""
    return Upload.objects.filter(expires_at__lte=now).delete()[0]
