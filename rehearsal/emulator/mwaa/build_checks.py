"""What the service finds only while it builds, and how it words it.

The judgment is the project's own ``policy.analysis``: reachability from both subnets, and what the
execution role may do. A fact that cannot be known does not fail an environment.
"""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.endpoints import REQUIRED
from policy.analysis.iam import kms, permissions
from policy.analysis.network import reachability
from rehearsal.emulator.mwaa import reading
from rehearsal.emulator.mwaa.environment import Environment

# Wording: https://github.com/LBHackney-IT/Data-Platform/pull/1764
INCORRECT_CONFIGURATION = (
    "INCORRECT_CONFIGURATION",
    "You may need to check the execution role permissions policy for your environment, and that "
    "each of the VPC networking components required by the environment are configured to allow "
    "traffic. Troubleshooting: "
    "https://docs.aws.amazon.com/mwaa/latest/userguide/troubleshooting.html",
)
NO_ENDPOINTS = (
    "INCORRECT_CONFIGURATION",
    "The VPC endpoints of the environment were not created within 72 hours.",
)
OWN = (reachability.DATABASE, reachability.WEBSERVER, reachability.ITSELF)

# Without these no container gets to work; the other needs cost a part of the product only.
LATE_TOPICS = ("source", "logs", "queue", "key")


def failure(environment: Environment) -> tuple[str, str] | None:
    """Error code and message, or None where the environment can run."""
    environment.findings = list(findings(environment))
    return INCORRECT_CONFIGURATION if environment.findings else None


def findings(environment: Environment) -> Iterator[str]:
    """Every reason why the environment cannot run; the service itself keeps them to itself."""
    platform = reading.platform(environment)
    if not known(platform.subnets):
        yield "the environment's subnets do not exist"
    for reach in reachability.failures(platform):
        if reach.target in (*REQUIRED, *OWN):
            yield f"{reach.subnet} cannot reach {reach.target}: {reach.proof.reason}"
    yield from _key(environment, platform)
    if platform.role is None:
        yield f"role {environment.config['ExecutionRoleArn']} does not exist"
    for permission in permissions.failures(platform):
        if permission.required.topic in LATE_TOPICS:
            yield permission.proof.reason


def _key(environment: Environment, platform: Platform) -> Iterator[str]:
    if not environment.config.get("KmsKey"):
        return
    if not known(platform.key) or platform.key is None or platform.key.state != "Enabled":
        yield f"key {environment.config['KmsKey']} is not enabled"
        return
    proof = kms.logs_may_use(
        platform.key,
        region=environment.region,
        log_group_arn=environment.names.log_group_arn("task"),
    )
    if proof.failed:
        yield f"the key policy does not let CloudWatch Logs in: {proof.reason}"
