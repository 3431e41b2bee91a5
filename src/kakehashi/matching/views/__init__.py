"""Pages of matching: search (`search`), matches of mine, one match."""
