"""What an environment needs before its processes start: files, packages, database."""
