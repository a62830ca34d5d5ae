"""What the tables say, without changing them."""
