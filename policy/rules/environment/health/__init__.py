"""Rules of a living environment: what it reports and what CloudWatch measured."""
