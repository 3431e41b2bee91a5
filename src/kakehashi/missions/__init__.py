"""Delegations and partnering days of two clusters: wishes, a computed schedule, what came of each talk."""
