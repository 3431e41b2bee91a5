"""Proofs for others: a record with its place in the log and its receipt, checked without any node."""
