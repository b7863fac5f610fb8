"""How a running environment is worked: one verb of ``mwaa``, one file."""
