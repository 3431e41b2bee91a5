"""Addresses for programs: `harvest` (OAI-PMH), `feeds` (Atom, JSON Feed); and `about`, which tells people."""
