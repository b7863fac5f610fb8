"""Inside an environment's Airflow: its REST API, its DAGs, what its metadata database holds."""
