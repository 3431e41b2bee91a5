"""Pages of missions: `pages` for everybody in them, `planning` for the host's team."""
