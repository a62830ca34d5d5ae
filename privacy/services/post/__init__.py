"""What surrounds sending a letter: its release, a look before, its copy, what became of it."""
