"""Connectors: one per system that holds personal data. README.md says how to add one."""
