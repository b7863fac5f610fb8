"""Emulated accounts with one thing broken, and accounts that cannot carry what is to be created."""
