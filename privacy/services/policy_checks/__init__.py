"""The checks behind the policy's promises. Each looks at tables or settings and can fail."""
