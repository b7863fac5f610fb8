"""A change of the Airflow version: the way, the proof, each step, and the stack that follows."""
