"""What other programs may fetch: this node's own public records by OAI-PMH, Atom and JSON Feed."""
