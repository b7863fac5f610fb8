"""The platform as frozen facts, any of them unknown: what every reader fills and every rule
judges."""
