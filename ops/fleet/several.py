"""Several stacks or environments at once: which, all in parallel, and one exit code."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from mwaa.exit_codes import ExitCode
from mwaa.words import counted
from ops.errors import RefusedError, explain
from ops.target import pulumi

AT_ONCE = 8
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What one of several gave: its result, or why there is none."""

    name: str
    result: Result | None = None
    refusal: str = ""


def each(
    names: Sequence[str],
    work: Callable[[str], Result],
    permissions: Iterable[str],
    at_once: int = AT_ONCE,
) -> list[Outcome[Result]]:
    """``work`` on every name, in parallel; one that cannot be done does not stop the others.

    A single one is not wrapped: what it raises is raised.
    """
    if len(names) == 1:
        return [Outcome(names[0], work(names[0]))]
    needed = tuple(permissions)

    def one(name: str) -> Outcome[Result]:
        try:
            return Outcome(name, work(name))
        except Exception as error:
            refusal = explain(error, needed)
            if refusal is None:
                raise
            return Outcome(name, refusal=str(refusal))

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, names))


def exit_code(codes: Iterable[int]) -> int:
    """One code for all: whether the answer of any is no, else whether any could not be asked, else
    whether any is not known."""
    found = set(codes)
    worst = (ExitCode.FAILED, ExitCode.REFUSED, ExitCode.UNSURE)
    return next((code for code in worst if code in found), ExitCode.DONE)


def summary(noun: str, verdicts: Iterable[str]) -> str:
    """One line for all: how many there are, and how many of each verdict."""
    found = Counter(verdicts)
    counts = ", ".join(f"{number} {verdict}" for verdict, number in found.items())
    return f"{counted(found.total(), noun)}: {counts}"


def stacks(every: bool, given: Sequence[str] | None) -> list[str]:
    """The stacks that were asked for; an empty name is the selected one.

    Raises ``RefusedError`` for names beside ``--all``, or a project without stacks.
    """
    if not every:
        return list(dict.fromkeys(given or [""]))
    if given:
        raise RefusedError("--all means every stack of the project: give it without --stack")
    listed = json.loads(pulumi("stack", "ls", "--json") or "[]")
    # A stack without resources was never brought up: there is nothing to compare.
    names = sorted(str(one["name"]) for one in listed if one.get("resourceCount", 1))
    if not names:
        raise RefusedError(
            "no stack of this project has been brought up: `pulumi up` first, or run this where "
            "Pulumi.yaml is"
        )
    return names
