"""The commands of a rehearsal: `python -m rehearsal up`, preview, status, down, env and serve."""
