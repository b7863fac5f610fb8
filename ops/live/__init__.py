"""Reads a living environment and everything around it; nothing here judges, nothing writes."""
