"""Rules of the source bucket's settings."""
