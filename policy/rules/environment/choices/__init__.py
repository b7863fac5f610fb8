"""Rules of what an environment is created with, and of the account's room for it."""
