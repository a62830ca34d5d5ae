"""A stand-in for Supabase Auth: its admin API over a real `auth` schema in PostgreSQL."""
