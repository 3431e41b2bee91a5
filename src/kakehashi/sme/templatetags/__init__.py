"""Template words of SME status."""
