"""Matching as a Django app."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "kakehashi.matching"
    label = "matching"

    def ready(self) -> None:
        # Tables may be imported only now.
        from kakehashi.matching.actions.changes import readings_changed, sight_changed
        from kakehashi.matching.actions.leave import readings_go
        from kakehashi.matching.actions.words import words_change
        from kakehashi.matching.people import plug  # and what asks for them
        from kakehashi.records import ports

        ports.on_readings(words_change)
        ports.on_readings(readings_go)
        ports.on_readings(readings_changed)
        ports.on_sight(sight_changed)
        plug()
