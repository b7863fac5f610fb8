"""Least-privilege IAM policies: of the doctor, of who deploys a stack, of who uses Airflow."""
