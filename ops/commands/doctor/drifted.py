"""What a stack says of itself in its outputs, against what the account holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mwaa.model.platform import LogGroup, Platform, known

# Output -> member of GetEnvironment; what is absent on both sides agrees.
MEMBERS = {
    "environmentArn": "Arn",
    "airflowVersion": "AirflowVersion",
    "environmentClass": "EnvironmentClass",
    "webserverAccessMode": "WebserverAccessMode",
    "endpointManagement": "EndpointManagement",
    "bucketArn": "SourceBucketArn",
    "dagS3Path": "DagS3Path",
    "requirementsKey": "RequirementsS3Path",
    "requirementsVersion": "RequirementsS3ObjectVersion",
    "pluginsKey": "PluginsS3Path",
    "pluginsVersion": "PluginsS3ObjectVersion",
    "startupScriptKey": "StartupScriptS3Path",
    "startupScriptVersion": "StartupScriptS3ObjectVersion",
    "kmsKeyArn": "KmsKey",
    "executionRoleArn": "ExecutionRoleArn",
}

GONE = "has no environment of this name: it is gone, and its metadata database with it"


@dataclass(frozen=True)
class Drift:
    """One output that the account contradicts."""

    output: str
    stack: str
    account: str

    def sentence(self) -> str:
        """What the stack says, and what is."""
        return (
            f"output {self.output} says {self.stack or 'nothing'}, the account "
            f"{self.account or 'nothing'}"
        )


def drifts(
    outputs: Mapping[str, Any], described: Mapping[str, Any], platform: Platform
) -> tuple[Drift, ...]:
    """Every output that differs from the account; outputs the stack does not have say nothing."""
    return tuple(_drifts(outputs, described, platform))


def _drifts(
    outputs: Mapping[str, Any], described: Mapping[str, Any], platform: Platform
) -> Iterator[Drift]:
    for output, member in MEMBERS.items():
        said, found = _text(outputs.get(output)), _text(described.get(member))
        if output in outputs and said.strip("/") != found.strip("/"):
            yield Drift(output, said, found)
    inside = described.get("NetworkConfiguration") or {}
    for output, member in (("subnetIds", "SubnetIds"), ("securityGroupIds", "SecurityGroupIds")):
        mine, current = set(outputs.get(output) or ()), set(inside.get(member) or ())
        if output in outputs and mine != current:
            yield Drift(output, " ".join(sorted(mine)), " ".join(sorted(current)))
    if known(platform.endpoints):
        there = {endpoint.id for endpoint in platform.endpoints}
        for suffix, identity in (outputs.get("endpointIds") or {}).items():
            if identity not in there:
                yield Drift(f"endpointIds.{suffix}", str(identity), "not in the VPC")
    if known(platform.log_groups):
        names = {group.name for group in platform.log_groups}
        for module, name in (outputs.get("logGroupNames") or {}).items():
            if name not in names:
                yield Drift(f"logGroupNames.{module}", str(name), "does not exist")
        yield from _retention(outputs.get("logRetentionDays"), platform.log_groups)


def _retention(said: Any, groups: Iterable[LogGroup]) -> Iterator[Drift]:
    """Groups that keep events for another time than the setting's; 0 and None mean forever."""
    for group in groups:
        days = group.retention_days if known(group.retention_days) else said
        if said not in (None, "") and int(said) != (days or 0):
            yield Drift(f"logRetentionDays ({group.id})", _text(said), str(days or "forever"))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
