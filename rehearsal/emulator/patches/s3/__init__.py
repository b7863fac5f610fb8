"""What moto leaves hollow of S3."""
