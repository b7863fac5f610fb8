"""How a case is written: which rule, what breaks in a compliant platform, what else it breaks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mwaa.model.platform import Platform
from policy.analysis.verdict import Verdict
from tests.fixtures import changes
from tests.fixtures.platforms import no_internet

Change = Callable[[Platform], Platform]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One broken fact and the verdict it earns the rule.

    ``also`` names the other rules that the same broken fact rightly fails; ``*`` stands for all
    that hang on a name.
    """

    rule: str
    verdict: Verdict
    change: Change
    base: Callable[[], Platform] = no_internet
    also: frozenset[str] = frozenset()

    def platform(self) -> Platform:
        return self.change(self.base())


def rule_cases(
    rule: str,
    *,
    fail: Iterable[Change] = (),
    unknown: Iterable[Change] = (),
    passing: Iterable[Change] = (),
    base: Callable[[], Platform] = no_internet,
    also: Iterable[str] = (),
) -> list[Case]:
    """The cases of one rule by verdict; all its failures share ``also``."""
    return [
        Case(rule=rule, verdict=verdict, change=change, base=base, also=frozenset(also))
        for verdict, all_changes in (
            (Verdict.FAIL, fail),
            (Verdict.UNKNOWN, unknown),
            (Verdict.PASS, passing),
        )
        for change in all_changes
    ]


def running() -> Platform:
    """The compliant platform after its create."""
    return changes.live(no_internet())


def _change(function: Callable[..., Platform], *names: str, **values: Any) -> Change:
    return lambda platform: function(platform, *names, **values)


environment = partial(_change, changes.with_environment)
account = partial(_change, changes.with_account)
bucket = partial(_change, changes.with_bucket)
key = partial(_change, changes.with_key)
role = partial(_change, changes.with_role)
vpc = partial(_change, changes.with_vpc)
subnet = partial(_change, changes.with_subnet)
table = partial(_change, changes.with_table)
acl = partial(_change, changes.with_acl)
group = partial(_change, changes.with_group)
endpoint = partial(_change, changes.with_endpoint)
record = partial(_change, changes.with_record)
without = partial(_change, changes.without)
statement = partial(_change, changes.with_statement)
without_statement = partial(_change, changes.without_statement)


def adding(collection: str, *records: object) -> Change:
    """More records in a collection."""
    return lambda platform: changes.adding(platform, collection, *records)


def platform(**values: Any) -> Change:
    """Whole collections replaced."""
    return lambda found: replace(found, **values)


def together(*several: Change) -> Change:
    """Several changes, one after the other."""

    def change(found: Platform) -> Platform:
        for one in several:
            found = one(found)
        return found

    return change
