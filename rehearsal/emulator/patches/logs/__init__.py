"""What moto leaves hollow of CloudWatch Logs."""
