"""Rules of the source bucket: what DAGs and requirements are read from."""
