"""A Pulumi plan -> the model; the same file names as ``ops/live``."""
