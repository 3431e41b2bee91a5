"""Pages of matching: search (`search`, written by the lead), matches of mine, one match."""
