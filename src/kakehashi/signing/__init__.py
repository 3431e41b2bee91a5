"""Canonical bytes, keys, proofs and salted commitments: plain Python below everything that is signed."""
