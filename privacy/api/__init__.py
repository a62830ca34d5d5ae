"""What machines may ask."""
