"""Measurements of the performance targets: `python -m tests.benchmarks`."""
