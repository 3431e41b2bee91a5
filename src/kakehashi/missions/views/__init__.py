"""Pages of missions: for all in them (`pages`), the host's team (`planning`), sheets, files, notes."""
