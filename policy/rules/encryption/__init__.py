"""Rules of the KMS key: what protects data at rest, and what must not lock MWAA out."""
