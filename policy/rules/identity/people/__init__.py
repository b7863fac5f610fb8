"""Rules of who deploys and who uses the environment."""
