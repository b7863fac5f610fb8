"""Rules of the DAG folder."""
