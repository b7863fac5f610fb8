"""``make witnesses``: how far what others recorded of AWS agrees with this project."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.reports import reports
from tests.witnesses.findings import findings
from tests.witnesses.iam import decisions, excuses
from tests.witnesses.operations import operations


def iam() -> Iterator[str]:
    """Recorded decisions of IAM: agreed, excused and different."""
    if not decisions.DECISIONS.is_file():
        yield "IAM decisions: not compared, ../shared/recorded/iam_decisions.json is not here"
        return
    compared = list(decisions.decisions())
    different = [one for one in compared if not one.agreed]
    excused = [one for one in different if excuses.reason_for(one.name)]
    yield (
        f"IAM decisions: {len(compared)} compared, {len(compared) - len(different)} agreed, "
        f"{len(excused)} excused, {len(different) - len(excused)} different"
    )
    for reason in excuses.EXCUSES:
        count = sum(excuses.reason_for(one.name) == reason for one in excused)
        yield f"  {count} excused: {reason}"


# Each gives the lines of one kind of witness.
SOURCES: tuple[Callable[[], Iterator[str]], ...] = (operations, iam, findings, reports.figure)


def main() -> None:
    for source in SOURCES:
        for line in source():
            print(line)


if __name__ == "__main__":
    main()
