"""Template words of agreements."""
