"""EC2: a second flow log is refused where the first is the same in all its configuration.

moto 5.2.5 compares resource and destination alone, so that rejected and all traffic of a VPC cannot
be logged to one group. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
(FlowLogAlreadyExists: "A flow log with the specified configuration already exists")
"""

from typing import Any

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


def apply() -> None:
    """Wrap the creation."""

    @around(EC2Backend, "create_flow_logs")
    def create(original: Any, backend: Any, **given: Any) -> Any:
        if given.get("log_group_name") and not given.get("log_destination"):
            # moto compares what is given, a name here and an ARN there.
            group = f"log-group:{given['log_group_name']}"
            place = f"{backend.region_name}:{backend.account_id}"
            arn = f"arn:{backend.partition}:logs:{place}:{group}"
            given = {**given, "log_group_name": None, "log_destination": arn}
        wanted = {name: str(given.get(name) or default) for name, default in DEFAULTS.items()}
        every = backend.flow_logs
        # moto looks for a twin among the logs that it has: it gets to see those that may be one.
        backend.flow_logs = {
            identity: log
            for identity, log in every.items()
            if all(str(getattr(log, name)) == value for name, value in wanted.items())
        }
        try:
            return original(backend, **given)
        finally:
            backend.flow_logs = {**every, **backend.flow_logs}
