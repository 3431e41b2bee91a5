"""The front page of the bridge."""
