"""A stand-in for Supabase Auth and Storage: their APIs over real schemas in PostgreSQL."""
