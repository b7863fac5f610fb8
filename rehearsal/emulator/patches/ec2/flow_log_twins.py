"""EC2: a second flow log is refused where the first is the same in all its configuration.

moto 5.2.5 compares resource and destination alone, so that rejected and all traffic of a VPC cannot
be logged to one group, and knows neither a group by its ARN nor a folder of a bucket. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
(FlowLogAlreadyExists: "A flow log with the specified configuration already exists")
"""

from typing import Any

from moto.ec2.exceptions import FlowLogAlreadyExists
from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around

# What a flow log has beside resource and destination, and what it is where nothing is given:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
DEFAULTS = {
    "traffic_type": None,
    "log_destination_type": "cloud-watch-logs",
    "log_format": (
        "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
        "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
    ),
    "max_aggregation_interval": 600,
}


def _logs_arn(backend: Any, group: str) -> str:
    place = f"{backend.region_name}:{backend.account_id}"
    return f"arn:{backend.partition}:logs:{place}:log-group:{group}"


def _group(backend: Any, given: dict[str, Any]) -> str | None:
    """The name of the log group of this account that is given, by its name or its ARN."""
    name: str | None = given.get("log_group_name")
    prefix, destination = _logs_arn(backend, ""), given.get("log_destination") or ""
    if destination.startswith(prefix):
        name = destination.removeprefix(prefix).removesuffix(":*")
    return name


def apply() -> None:
    """Wrap the creation."""

    @around(EC2Backend, "create_flow_logs")
    def create(original: Any, backend: Any, **given: Any) -> Any:
        wanted = {name: str(given.get(name) or default) for name, default in DEFAULTS.items()}
        group = _group(backend, given)
        destination = _logs_arn(backend, group) if group else given.get("log_destination")
        every = backend.flow_logs
        for log in every.values():
            same = all(str(getattr(log, name)) == value for name, value in wanted.items())
            there = log.resource_id in given["resource_ids"] and log.log_destination == destination
            if same and there:
                raise FlowLogAlreadyExists
        if group:
            given = {**given, "log_group_name": group, "log_destination": None}
        elif destination:
            # A folder of a bucket may be the place; moto looks for a bucket of that name.
            given = {**given, "log_destination": destination.partition("/")[0]}
        # moto compares less, and refuses more: it gets to see no other.
        backend.flow_logs = {}
        try:
            made, failed = original(backend, **given)
            for log in made:
                log.log_destination = destination
            return made, failed
        finally:
            backend.flow_logs = {**every, **backend.flow_logs}
