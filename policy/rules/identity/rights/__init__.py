"""Rules of what the execution role must be allowed to do."""
