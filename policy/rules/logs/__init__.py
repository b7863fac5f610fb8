"""Rules of the five log groups: what happened must be readable, and for how long."""
