"""What the environment installs: the image's own packages, requirements, wheels, plugins.zip."""
