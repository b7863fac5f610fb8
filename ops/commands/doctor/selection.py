"""Which rules are asked when: before a create, of a running environment, or before a change.

Each rule says by its ``stages`` when an account can keep it.
"""

from collections.abc import Iterable, Sequence

from ops.errors import RefusedError
from policy.profiles import ADVISORY
from policy.rules.catalog import Judgment, in_profile, unknown_ids
from policy.rules.rule import Rule, Stage, Verdict
from policy.waivers import Waivers, WaiversError

# No rule of the catalog: it needs a stack, and is chosen and left out like one.
DRIFT = "mwaa-drift"


def applicable(stage: Stage, profile: str = "") -> tuple[Rule, ...]:
    """The rules of a profile that make sense at a stage."""
    chosen = in_profile("" if profile == ADVISORY else profile)
    return tuple(rule for rule in chosen if "live" in rule.origins and stage in rule.stages)


def named(only: Sequence[str], skip: Sequence[str]) -> None:
    """Raises ``RefusedError`` for an id that no rule has, with the nearest ones."""
    if unknown := unknown_ids((*only, *skip), also=(DRIFT,)):
        raise RefusedError(f"there is no rule {unknown}. docs/reference/rules/README.md lists all")


def waivers() -> Waivers:
    """Those of the project that a verb runs in. Raises ``RefusedError`` with all that is wrong."""
    try:
        return Waivers.of_project()
    except WaiversError as error:
        raise RefusedError(str(error)) from None


def narrowed(rules: Iterable[Rule], only: Sequence[str], skip: Sequence[str]) -> tuple[Rule, ...]:
    """Those of ``only``, or all, without those of ``skip``."""
    return tuple(r for r in rules if r.id not in skip and (not only or r.id in only))


def settled(
    judgments: Iterable[Judgment], stage: Stage, *, blind: bool
) -> tuple[tuple[Judgment, ...], int]:
    """Before a create: the judgments that count, and how many wait for what is not made yet.

    ``blind`` says that a call failed; then unknown facts of the account are no matter of time.
    """
    judged = tuple(judgments)
    if stage is not Stage.BEFORE:
        return judged, 0
    counted = tuple(
        j for j in judged if j.verdict is not Verdict.UNKNOWN or (blind and j.rule.of_account)
    )
    return counted, len(judged) - len(counted)
