"""PostgreSQL and Valkey out of wheels, and their supervisor, for a machine that has neither.

Demo, tests and developers use it; production never imports it. Nothing here imports Django.
"""
