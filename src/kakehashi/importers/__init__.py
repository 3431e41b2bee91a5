"""Records from elsewhere: one file per source."""
