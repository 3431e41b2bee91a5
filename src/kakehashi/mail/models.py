"""Which occasions people were told of by mail."""

from django.db import models


class Told(models.Model):
    """That mails about one occasion went out to `sent` people: then they go out no more."""

    about = models.CharField(max_length=400, unique=True)
    at = models.DateTimeField()
    sent = models.PositiveIntegerField()
