"""Measurements, each beside a baseline of the same run. README.md says how to read them."""
