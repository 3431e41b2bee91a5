"""What is exchanged: kinds, revisions, audience, life cycle, and the reading tables."""
