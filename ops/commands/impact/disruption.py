"""How a change of each resource disturbs Airflow: a table by type and input, with its sources.

Durations are AWS's words, not measurements: create 20 to 30 minutes and update 10 to 30
(https://docs.aws.amazon.com/mwaa/latest/userguide/create-environment.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/update-environment.html); GRACEFUL lets running
tasks go on for up to 12 hours
(https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias


class Disruption(IntEnum):
    """How far a change reaches, the worse the higher."""

    NOTHING = 0
    IN_PLACE = 1
    CREATE = 2
    RESTART = 3
    INTERRUPTION = 4
    UNKNOWN = 5
    LOSS = 6


WORDS = {
    Disruption.NOTHING: "nothing for Airflow",
    Disruption.IN_PLACE: "in place, without a restart",
    Disruption.CREATE: "created",
    Disruption.RESTART: "rolling restart",
    Disruption.INTERRUPTION: "interruption",
    Disruption.UNKNOWN: "not known before the update",
    Disruption.LOSS: "loss of data",
}
ENVIRONMENT = "aws:mwaa/environment:Environment"
CREATE_MINUTES = (20, 30)
UPDATE_MINUTES = (10, 30)
# "The update procedure can take up to two hours, during which time your environment will be
# unavailable": https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html
VERSION_MINUTES = (10, 120)
GRACEFUL_HOURS = 12

# Inputs of the environment that no container has to be replaced for. Tags are a call of their own.
WITHOUT_UPDATE = frozenset({"tags", "tagsAll"})
IN_PLACE = frozenset(
    {"minWorkers", "maxWorkers", "minWebservers", "maxWebservers", "weeklyMaintenanceWindowStart"}
    | {"workerReplacementStrategy"}
)
# The provider sends the strategy in the update that changes it, and in no other (d.HasChange).
STRATEGY_SOURCE = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/mwaa/"
    "environment.go"
)
# Seen with 2.11 and later images: an upgrade sets the slots back (read 2026-11).
POOL_SOURCE = "https://github.com/aws/amazon-mwaa-docker-images/issues/576"


Words: TypeAlias = tuple[Disruption, str]


@dataclass(frozen=True, kw_only=True)
class ResourceDisruption:
    """What a change of one type of resource means: when it is deleted or replaced, and updated.

    ``beside`` is for a resource of the type that no environment of the plan stands on.
    """

    replaced: Words
    updated: Words = (Disruption.NOTHING, "")
    beside: Words | None = None


UNTIL = " until the new one stands"
"""How long what a replacement takes away is missing; what is deleted does not come back."""

_RULES = (
    Disruption.IN_PLACE,
    "new connections obey the new rules at once, tasks that use them notice",
)
_RIGHTS = (Disruption.IN_PLACE, "tasks get the new rights within minutes")
_NO_ROLE = (Disruption.NOTHING, "no environment has this role")
RESOURCES = {
    "aws:s3/bucket:Bucket": ResourceDisruption(
        replaced=(Disruption.LOSS, "DAGs, plugins and their history are gone"),
    ),
    "aws:kms/key:Key": ResourceDisruption(
        replaced=(
            Disruption.LOSS,
            "what it encrypted, the metadata database too, can no longer be read",
        ),
        updated=(Disruption.IN_PLACE, "who may use the key changes at once"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": ResourceDisruption(
        replaced=(Disruption.LOSS, "the logs of past runs are gone"),
        updated=(Disruption.NOTHING, "only how long and how logs are kept"),
    ),
    "aws:iam/role:Role": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            f"tasks have no AWS identity{UNTIL}",
        ),
        updated=_RIGHTS,
        beside=_NO_ROLE,
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, "tasks lose these rights at once"),
        updated=_RIGHTS,
        beside=_NO_ROLE,
    ),
    "aws:ssm/parameter:Parameter": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "pipelines and stacks that read it find nothing"),
        updated=(Disruption.IN_PLACE, "pipelines and stacks that read it find another value"),
    ),
    "aws:ec2/vpc:Vpc": ResourceDisruption(
        replaced=(Disruption.LOSS, "the environment must go with its network")
    ),
    "aws:ec2/subnet:Subnet": ResourceDisruption(
        replaced=(Disruption.LOSS, "the environment must go with its subnet"),
        beside=(Disruption.NOTHING, "no environment stands in this subnet"),
    ),
    "aws:ec2/routeTable:RouteTable": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, f"the subnets have no routes{UNTIL}"),
        updated=_RULES,
    ),
    "aws:ec2/route:Route": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, "its targets cannot be reached")
    ),
    "aws:ec2/natGateway:NatGateway": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, f"tasks reach no internet{UNTIL}")
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            f"its service cannot be reached privately{UNTIL}",
        ),
        updated=_RULES,
    ),
    "aws:ec2/securityGroup:SecurityGroup": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            "the environment's parts may not speak to each other",
        ),
        updated=_RULES,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ResourceDisruption(
        # Taken out of the stack it stays in AWS; a replacement goes with its VPC, which says so.
        replaced=(Disruption.NOTHING, "AWS keeps the group as long as its VPC"),
        updated=_RULES,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, "what it allowed is refused"), updated=_RULES
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, "what it allowed is refused"), updated=_RULES
    ),
}
