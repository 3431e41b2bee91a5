"""Message catalogues, made by tools/messages.py, and the formats of dates and numbers per language."""
