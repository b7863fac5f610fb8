"""Rules of the network: where packets may go, and where they must be able to go."""
