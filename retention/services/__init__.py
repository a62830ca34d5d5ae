"""Disposing of what has expired."""
