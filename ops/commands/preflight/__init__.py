"""What can be wrong with DAGs, requirements, plugins and a startup script before they arrive."""
