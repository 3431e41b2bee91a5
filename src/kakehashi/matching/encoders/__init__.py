"""Encoders beside the shipped one, each behind matching.encoder's small interface."""
