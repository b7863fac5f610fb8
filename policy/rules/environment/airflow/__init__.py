"""Rules of Airflow in the environment: its version and its configuration options."""
