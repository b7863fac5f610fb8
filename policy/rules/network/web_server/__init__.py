"""Rules of who reaches the web server."""
