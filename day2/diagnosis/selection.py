"""Which rules are asked when: before a create, of a running environment, or before a change.

The catalogue says where a fact can exist; these lists say when it can.
"""

import difflib
from collections.abc import Iterable, Sequence
from enum import StrEnum

from checks.catalogue import Judgement, catalogue, in_profile
from checks.check import Check, Verdict
from day2.failure import RefusedError

ADVISORY = "advisory"
# No rule of the catalogue: it needs a stack, and is chosen and left out like one.
DRIFT = "mwaa-drift"


class Stage(StrEnum):
    """When the doctor looks."""

    BEFORE = "before"
    """A create is planned; what the program itself makes may not exist yet."""
    LAST = "last"
    """All is made but the environment: its create or update starts in seconds."""
    AFTER = "after"
    """The environment exists."""


# About who creates; an auditor of a running environment needs no such rights.
OF_A_CREATE = frozenset({"mwaa-identity-deployer-rights", "mwaa-encryption-deployer-may-grant"})
# About what the service makes, measures or reports of an environment that runs.
OF_A_LIFE = frozenset(
    {
        "mwaa-encryption-grants-present",
        "mwaa-environment-dag-count-fits",
        "mwaa-environment-dags-import",
        "mwaa-environment-interfaces-present",
        "mwaa-environment-last-update-succeeded",
        "mwaa-environment-queue-moves",
        "mwaa-environment-scheduler-heartbeat",
        "mwaa-environment-status-available",
        "mwaa-environment-utilisation-moderate",
        "mwaa-environment-worker-heartbeat",
        "mwaa-logs-events-arrive",
        "mwaa-logs-group-arns-match",
        "mwaa-network-mwaa-endpoints-present",
        "mwaa-network-webserver-url-private",
    }
)
# What comes after the environment in a program, and so cannot be there before it.
MADE_LATER = frozenset({"mwaa-environment-alarms-exist", "mwaa-identity-web-roles-scoped"})
# What can be judged before anything of the platform exists.
OF_THE_ACCOUNT = frozenset(
    {
        "mwaa-environment-name-free",
        "mwaa-environment-region-supported",
        "mwaa-environment-within-quota",
        "mwaa-environment-workers-within-quota",
        "mwaa-identity-deployer-rights",
        "mwaa-identity-service-linked-role",
    }
)


def applicable(stage: Stage, profile: str = "") -> tuple[Check, ...]:
    """The checks of a profile that make sense at a stage."""
    chosen = in_profile("" if profile == ADVISORY else profile)
    left_out = OF_A_CREATE if stage is Stage.AFTER else OF_A_LIFE | MADE_LATER
    return tuple(c for c in chosen if "live" in c.origins and c.id not in left_out)


def named(only: Sequence[str], skip: Sequence[str]) -> None:
    """Raises ``RefusedError`` for an id that no check has, with the nearest ones."""
    known = {check.id for check in catalogue()} | {DRIFT}
    for name in (*only, *skip):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
            raise RefusedError(
                f"no check {name}; did you mean {' or '.join(near) or 'another'}? "
                "docs/reference/checks.md lists all"
            )


def narrowed(
    checks: Iterable[Check], only: Sequence[str], skip: Sequence[str]
) -> tuple[Check, ...]:
    """Those of ``only``, or all, without those of ``skip``."""
    return tuple(c for c in checks if c.id not in skip and (not only or c.id in only))


def settled(
    judgements: Iterable[Judgement], stage: Stage, *, blind: bool
) -> tuple[tuple[Judgement, ...], int]:
    """Before a create: the judgements that count, and how many wait for what is not made yet.

    ``blind`` says that a call failed; then unknown facts of the account are no matter of time.
    """
    judged = tuple(judgements)
    if stage is not Stage.BEFORE:
        return judged, 0
    counted = tuple(
        j
        for j in judged
        if j.verdict is not Verdict.UNKNOWN or (blind and j.check.id in OF_THE_ACCOUNT)
    )
    return counted, len(judged) - len(counted)
