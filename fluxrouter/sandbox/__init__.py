"""Stand-ins for the processors: HTTP servers with state, the vendors' rules, and faults."""
