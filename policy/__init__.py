"""Is the plan lawful? Reads a Pulumi plan as plain facts and lets the catalogue judge it."""
