"""The gateway's door."""
