"""Several stacks or environments at once."""
