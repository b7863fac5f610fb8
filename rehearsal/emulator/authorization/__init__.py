"""What a running Airflow may do: calls of the execution role are judged by its policies."""
