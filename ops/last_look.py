"""The doctor's proof against the live account, seconds before MWAA is asked to create or update.

All that the environment stands on has been made by then. What breaks a rule stops the run with the
report's own words; what could not be seen stops nothing, and is reported.

IAM and S3 may answer for a while with what was there before. So what breaks a rule is read once
more after a pause, and only the second reading refuses.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html (eventual consistency),
https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel (read 2026-11)
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mwaa.model.unknown import UNKNOWN
from ops.aws import AwsSession
from ops.commands.doctor.planned import with_customer_endpoints
from ops.commands.doctor.selection import applicable, waivers
from ops.errors import FailedError
from ops.live import platform as live
from ops.live.environment import from_inputs
from ops.live.reader import AwsReader
from ops.live.rights import Wanted, rights_to_create, rights_to_update
from ops.target import find
from ops.terminal import say
from policy import formats
from policy.rules.catalog import Judgment, judge
from policy.rules.rule import Stage, Verdict

# The service's own facts: what a planned input does not change.
KEPT = (
    "Arn",
    "Status",
    "CreatedAt",
    "LastUpdate",
    "WebserverUrl",
    "CeleryExecutorQueue",
    "DatabaseVpcEndpointService",
    "WebserverVpcEndpointService",
)


AGAIN_SECONDS = 20.0  # most changes to IAM and to a bucket's settings are seen by then


def prove(
    aws: AwsSession,
    inputs: Mapping[str, Any],
    *,
    update: bool,
    tell: Callable[[str], object] = say,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[str, ...]:
    """Judges what an ``aws.mwaa.Environment`` with these inputs will find.

    Returns what could not be seen, in words. Raises ``FailedError`` with the rules that are broken
    at two readings, ``AGAIN_SECONDS`` apart; ``tell`` gets the reason of the pause.
    """
    described = from_inputs(inputs)
    # Options were judged at preview; here they may be secret, and none is needed.
    described["AirflowConfigurationOptions"] = UNKNOWN
    wanted: Wanted = rights_to_create
    if update:
        running = _running(aws, str(described["Name"]))
        described |= {key: value for key, value in running.items() if key in KEPT}
        wanted = partial(rights_to_update, had=running)
    broken, unseen = _judge(aws, described, wanted)
    if broken:
        tell(
            f"{described['Name']}: the account breaks {', '.join(j.rule.id for j in broken)}. AWS "
            "may still answer with what was there before this run, so it is read again in "
            f"{AGAIN_SECONDS:.0f} s"
        )
        sleep(AGAIN_SECONDS)
        broken, unseen = _judge(aws, described, wanted)
    if broken:
        verb = "updated" if update else "created"
        raise FailedError(
            f"{described['Name']} is not {verb}: the account breaks these rules, read twice\n\n"
            f"{formats.text(broken)}"
            "nothing was asked of MWAA; `lastLook: false` in the stack file skips this look"
        )
    return unseen


def _judge(
    aws: AwsSession, described: Mapping[str, Any], wanted: Wanted
) -> tuple[list[Judgment], tuple[str, ...]]:
    """The mandatory rules that are broken now, and what could not be seen."""
    platform = with_customer_endpoints(live.read(AwsReader(aws), described, wanted=wanted))
    judged = waivers().apply(judge(platform, applicable(Stage.LAST)), platform)
    broken = [j for j in judged if j.verdict is Verdict.FAIL and j.rule.enforcement == "mandatory"]
    return broken, tuple(f"{one.call}: {one.reason}, {one.permission}" for one in platform.denied)


def _running(aws: AwsSession, name: str) -> Mapping[str, Any]:
    """The environment that is to be updated."""
    found = find(aws.mwaa, name)
    if found is None:
        raise FailedError(
            f"{name} is gone from the account, so it cannot be updated: `pulumi refresh` shows "
            "the stack, and the next `pulumi up` creates it again"
        )
    return found
