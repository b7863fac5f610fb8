"""What the engine starts: the language host and the stand-ins for the provider plugins."""
