"""What the containers wrote, as the rules about it ask for it."""

from collections.abc import Callable, Iterable, Iterator

from mwaa.model.platform import LogGroup, Platform
from policy.analysis.logs import Trouble, unread
from policy.rules.rule import Finding, fail, require, undecided


def troubles(
    platform: Platform, read: Callable[[Iterable[LogGroup]], Iterator[Trouble]]
) -> Iterator[Finding]:
    """What ``read`` finds in the log groups, as failures; undecided where one could not be read."""
    groups = require(platform.log_groups, "the log groups")
    found = list(read(groups))
    for one in found:
        yield fail(one.sentence, one.group, lines=one.lines, fix=one.fix)
    if not found and (what := unread(groups)):
        undecided(f"what stands in {what} was not read")
