"""Keys as people see them: which sign, which are listed or revoked, what needs a hand; pages and commands."""
