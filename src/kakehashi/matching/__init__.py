"""Finds what belongs together across German, Japanese and English, and says why."""
