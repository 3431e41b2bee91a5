"""The worker's loop: finds due rows, at intervals and as soon as somebody commits."""
