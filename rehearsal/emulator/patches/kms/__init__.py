"""What moto leaves hollow of KMS."""
