"""What the parties promise each other: the signed document, its term, and the one decision what may cross."""
