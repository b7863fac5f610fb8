"""``mwaa wait``: follow a create, update or delete to its end.

``ops.follow`` does the work; the resource hooks use it, too.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from ops import options, written
from ops.errors import FailedError, RefusedError
from ops.follow import Goal, follow
from ops.target import ANY_STATUS, access_of, describe, find_of_stack, name_of, stack_outputs
from ops.terminal import Format, duration, emit

PERMISSIONS = ("airflow:GetEnvironment", "airflow:ListEnvironments", *written.PERMISSIONS)
STATUSES = ANY_STATUS
EXAMPLES = (
    "mwaa wait --environment prod",
    "mwaa wait --stack prod --timeout 180 --format json",
    "mwaa wait --environment prod --for deleted",
)


def run(
    environment: options.Environment = "",
    stack: options.Stack = "",
    goal: Annotated[Goal, typer.Option("--for", help="The end that is waited for.")] = (
        Goal.AVAILABLE
    ),
    timeout: Annotated[
        float, typer.Option(min=0, help="Give up after this many minutes; 0: never.")
    ] = 0,
    interval: options.Interval = 15,
    profile: options.Profile = "",
    region: options.Region = "",
    form: options.Form = Format.TEXT,
) -> None:
    """Tells each status, the time it took, and what is waited for. Ends with 0 when the
    environment is as asked, with 1 and the likely causes when the service gave up, or when the
    containers wrote that requirements or startup script failed, which the service ignores."""
    # Not target.resolve: an absent environment is a success for --for deleted.
    from ops.aws import AwsSession

    if environment and stack:
        raise RefusedError("--environment and --stack exclude each other: give one of them")
    name = environment
    outputs: Mapping[str, Any] = {}
    if not name:
        outputs = stack_outputs(stack)
        name = str(outputs["environmentName"])
        place = str(outputs.get("region", ""))
        aws = access_of(stack, place=place, profile=profile, region=region)
    else:
        aws = AwsSession(profile=profile, region=region)
    name = name_of(aws, name)
    if goal is Goal.AVAILABLE:
        describe(aws, name, outputs, stack)
    else:
        find_of_stack(aws, name, outputs, stack)
    ended = follow(
        aws.mwaa,
        name,
        goal=goal,
        timeout_seconds=timeout * 60,
        interval_seconds=interval,
        more=lambda: written.summary(written.troubles(aws, name)),
    )
    wrong = written.at_start(aws, name) if goal is Goal.AVAILABLE else ()
    emit(
        form,
        {"environment": name, "status": ended.status, "seconds": round(ended.seconds, 1)}
        | {"statuses": list(ended.seen), "written": [asdict(one) for one in wrong]},
        lambda: (
            f"{name} is {ended.status} after {duration(ended.seconds)}"
            if ended.seen != ("DELETED",)
            else f"there is no environment {name} in {aws.region_name}: deleted, or never made"
        ),
    )
    if wrong:
        raise FailedError(f"{name} runs without what its files ask for\n{written.summary(wrong)}")
