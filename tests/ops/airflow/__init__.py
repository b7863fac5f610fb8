"""An Airflow as its published REST API describes it, behind a real client of MWAA."""
