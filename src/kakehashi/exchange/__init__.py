"""The exchange KX/1 between nodes."""
