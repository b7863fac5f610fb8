"""How every command of this project ends, so that a pipeline can tell one end from another."""

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """The exit codes of `mwaa <verb>` and of `python -m policy.report`."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    UNSURE = 3
    INTERRUPTED = 130


MEANINGS: Final = {
    ExitCode.DONE: "Done, and all is as it should be.",
    ExitCode.FAILED: (
        "The answer is no: an update failed, a mandatory rule is broken, data would be lost, state "
        "and account differ."
    ),
    ExitCode.REFUSED: (
        "Nothing was judged or done: a wrong argument, a missing permission, a preview that "
        "failed, AWS out of reach."
    ),
    ExitCode.UNSURE: (
        "Nothing is wrong as far as it can be known, and not everything could be: a mandatory rule "
        "could not be judged, a replacement hangs on a value that the update makes."
    ),
    ExitCode.INTERRUPTED: "Interrupted. The same command goes on from there.",
}
"""What each means, for people."""
