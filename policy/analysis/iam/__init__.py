"""Who may do what: IAM policies and key policies, evaluated with unknowns."""
