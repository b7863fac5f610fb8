"""What happens to an environment without any call: a test or a drill says when.

``maintenance`` starts the weekly work of the service. ``zone-lost`` takes the network interfaces of
an Availability Zone away. ``measures`` says what its components report to CloudWatch from now on,
by the name of the metric, instead of an idle environment's values. ``airflow`` says that a real
one runs behind it from now on, which then sends the metrics itself; null says that it has ended.
``replaced`` says that this Airflow has become what an update wants, or with a text why it could
not.
"""

import math
from dataclasses import fields
from typing import Any

from rehearsal.emulator.mwaa import lifecycle, metrics
from rehearsal.emulator.mwaa.environment import Environment, Runtime
from rehearsal.emulator.world import world

MEMBERS = {
    "maintenance": None,
    "zone-lost": "zone",
    "measures": "values",
    "airflow": "runtime",
    "replaced": "failure",
}
"""Event -> the member of the request that says more, None without one."""


def occur(environment: Environment, request: dict[str, Any]) -> None:
    """Let the event of ``request`` happen. Raises ValueError for one that cannot be understood."""
    event = str(request.get("event"))
    more = MEMBERS.get(event)
    if event not in MEMBERS or set(request) != {"name", "event"} | ({more} if more else set()):
        known = ", ".join(f"{one} with {more}" if more else one for one, more in MEMBERS.items())
        raise ValueError(f"got {request!r}; needed: name, and as event one of {known}")
    if event == "maintenance":
        lifecycle.start_maintenance(environment)
    elif event == "zone-lost":
        _lose(environment, request["zone"])
    elif event == "airflow":
        _attach(environment, request["runtime"])
    elif event == "replaced":
        lifecycle.replaced(environment, request["failure"] and str(request["failure"]))
    else:
        _measure(environment, request["values"])


def _lose(environment: Environment, zone: Any) -> None:
    ec2 = world().accounts.client("ec2", environment.account, environment.region)
    network = environment.config["NetworkConfiguration"]
    subnets = ec2.describe_subnets(SubnetIds=network["SubnetIds"])["Subnets"]
    lost = [subnet["SubnetId"] for subnet in subnets if subnet["AvailabilityZone"] == zone]
    if not lost:
        zones = ", ".join(sorted(subnet["AvailabilityZone"] for subnet in subnets))
        raise ValueError(f"zone is {zone!r}; {environment.name} is in {zones}")
    found = ec2.describe_network_interfaces(
        Filters=[
            {"Name": "subnet-id", "Values": lost},
            {"Name": "group-id", "Values": network["SecurityGroupIds"]},
        ]
    )["NetworkInterfaces"]
    for interface in found:
        ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])


def _attach(environment: Environment, runtime: Any) -> None:
    members = {field.name for field in fields(Runtime)}
    if runtime is None:
        environment.runtime = None
    elif isinstance(runtime, dict) and set(runtime) == members:
        environment.runtime = Runtime(**{name: str(value) for name, value in runtime.items()})
    else:
        raise ValueError(f"runtime needs {', '.join(sorted(members))}, or is null")


def _measure(environment: Environment, values: Any) -> None:
    numeric = isinstance(values, dict) and all(
        isinstance(value, int | float) and math.isfinite(value) for value in values.values()
    )
    if not numeric or set(values) - metrics.NAMES:
        known = ", ".join(sorted(metrics.NAMES))
        raise ValueError(f"values is {values!r}; needed: numbers by metric, of {known}")
    environment.measures |= values
