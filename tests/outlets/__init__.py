"""Outlets: what programs get of this node's public records."""
