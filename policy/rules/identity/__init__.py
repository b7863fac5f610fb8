"""Rules of roles and policies: what the environment may do, and who may do what to it."""
