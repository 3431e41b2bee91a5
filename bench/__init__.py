"""Benchmarks: figures and ratios against alternatives in the same run; `make bench` prints them all."""
