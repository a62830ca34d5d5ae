"""Signals between rooms."""

from django.dispatch import Signal

# Sent on commit when the ledger may have something to do. Losing it costs a minute.
work_due = Signal()
