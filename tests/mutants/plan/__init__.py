"""Planned platforms with one thing broken: edits of the resources that an engine recorded."""
