"""What moto leaves hollow of EC2."""
