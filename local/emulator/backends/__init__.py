"""Services that moto lacks, each in moto's own shape (urls, responses, models, exceptions)."""
