"""Search and matching across German, Japanese and English."""
