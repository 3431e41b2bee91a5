"""Pages of agreements: reading, partners, signing and ending."""
