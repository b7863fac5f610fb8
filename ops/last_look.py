"""The doctor's proof against the living account, seconds before MWAA is asked to create or update.

All that the environment stands on has been made by then. What breaks a rule stops the run with the
report's own words; what could not be seen stops nothing, and is reported.
"""

from collections.abc import Mapping
from typing import Any

from mwaa.model.unknown import UNKNOWN
from ops.aws import AwsSession
from ops.commands.doctor.planned import with_customer_endpoints
from ops.commands.doctor.selection import applicable
from ops.errors import FailedError
from ops.live import platform as live
from ops.live.environment import from_inputs
from ops.live.reader import AwsReader
from ops.target import find
from policy import formats
from policy.rules.catalog import judge
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


def prove(aws: AwsSession, inputs: Mapping[str, Any], *, update: bool) -> tuple[str, ...]:
    """Judges what an ``aws.mwaa.Environment`` with these inputs will find.

    Returns what could not be seen, in words. Raises ``FailedError`` with the broken rules.
    """
    described = from_inputs(inputs)
    # Options were judged at preview; here they may be secret, and none is needed.
    described["AirflowConfigurationOptions"] = UNKNOWN
    if update:
        described |= _running(aws, str(described["Name"]))
    reader = AwsReader(aws)
    platform = with_customer_endpoints(live.read(reader, described, before=not update))
    judged = judge(platform, applicable(Stage.LAST))
    broken = [j for j in judged if j.verdict is Verdict.FAIL and j.rule.enforcement == "mandatory"]
    if broken:
        verb = "updated" if update else "created"
        raise FailedError(
            f"{described['Name']} is not {verb}: the account breaks these rules\n\n"
            f"{formats.text(broken)}"
            "nothing was asked of MWAA; `lastLook: false` in the stack file skips this look"
        )
    return tuple(f"{one.call}: {one.reason}, {one.permission}" for one in platform.denied)


def _running(aws: AwsSession, name: str) -> dict[str, Any]:
    """What only an environment has that was created."""
    found = find(aws.mwaa, name)
    if found is None:
        raise FailedError(
            f"{name} is gone from the account, so it cannot be updated: `pulumi refresh` shows "
            "the stack, and the next `pulumi up` creates it again"
        )
    return {key: value for key, value in found.items() if key in KEPT}
