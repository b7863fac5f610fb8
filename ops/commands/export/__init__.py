"""What Airflow holds, as a document of this project or as a file for the engine."""
