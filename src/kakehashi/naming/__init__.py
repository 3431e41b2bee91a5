"""Tells which organisation a written name means: one matcher for every importer and for duplicates."""
