"""Rules of what is delivered into the environment: requirements, plugins, startup script, DAGs."""
