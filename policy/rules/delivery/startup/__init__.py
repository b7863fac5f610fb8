"""Rules of the startup script."""
