"""What moto leaves hollow of IAM and STS."""
