"""Rehearsal without an account: engine, language host, stand-in plugins, emulated AWS, commands."""
