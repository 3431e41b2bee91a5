"""Template words of the audit."""
