"""The one error of this room."""


class EngineError(Exception):
    """No engine: the message is one line for the user, with what to do."""
