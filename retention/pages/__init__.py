"""Staff's pages about the schedule."""
