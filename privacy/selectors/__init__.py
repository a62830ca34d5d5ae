"""Read queries: what pages and letters ask about a request."""
