"""The commands of a rehearsal: `python -m local up`, preview, status, down, env and serve."""
