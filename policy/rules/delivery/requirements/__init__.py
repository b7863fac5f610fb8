"""Rules of requirements.txt."""
