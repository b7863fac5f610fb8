"""Business rules of the example's orders; plain Python, importable by every DAG."""
