"""What a stack may choose: the schema of its settings, how they load, and what is refused."""
