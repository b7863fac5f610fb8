"""What several rules ask of the platform; no rule is in here."""
