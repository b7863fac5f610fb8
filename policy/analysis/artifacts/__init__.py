"""What requirements, startup scripts, archives and DAGs say: text in, facts out."""
