"""Benchmarks: what `make bench` prints. No test asserts a time; the ratios are within one run, on one machine."""
