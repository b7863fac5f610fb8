"""Rules of a running environment: what it reports and what CloudWatch measured."""
