"""Reads a running environment and everything around it; nothing here judges, nothing writes."""
