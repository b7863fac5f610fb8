"""Rules of plugins.zip."""
