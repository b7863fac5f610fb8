"""A copy of an environment that exists, to try on it what shall be done to the real one."""
