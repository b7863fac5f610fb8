"""What must be true: one lawful state of the platform per file, judged on plain facts."""
