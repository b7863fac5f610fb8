"""What follows from the facts: pure, three-valued proofs over ``mwaa.model.platform``."""
