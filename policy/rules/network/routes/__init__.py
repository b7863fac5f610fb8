"""Rules of routes: what leads where, and what must not."""
