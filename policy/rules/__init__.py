"""What must be true: one compliant state of the platform per file, judged on plain facts."""
