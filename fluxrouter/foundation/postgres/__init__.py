"""Django's PostgreSQL backend whose errors name codes, never values."""
