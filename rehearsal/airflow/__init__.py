"""The data plane of an environment: a real Airflow behind the emulated control plane.

A supervisor runs per environment, in a process group of its own: PostgreSQL, schedulers, DAG
processor, triggerer, Celery workers and web server, all on the loopback address. What it is told
comes from ``GetEnvironment``; what it says goes to CloudWatch, as on MWAA.
"""
