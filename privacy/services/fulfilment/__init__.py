"""Planning, claiming and carrying out the steps of a request."""
