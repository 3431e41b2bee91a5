"""Texts in three languages, each with its origin."""
