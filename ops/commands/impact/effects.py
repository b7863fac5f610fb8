"""The effect of each change on Airflow: a table per resource type and input, with its sources.

Durations are AWS's words, not measurements: create 20 to 30 minutes and update 10 to 30
(https://docs.aws.amazon.com/mwaa/latest/userguide/create-environment.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/update-environment.html); GRACEFUL lets running
tasks go on for up to 12 hours
(https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html).
"""

from dataclasses import dataclass
from enum import IntEnum


class Effect(IntEnum):
    """How far a change reaches, the worse the higher."""

    NOTHING = 0
    IN_PLACE = 1
    CREATE = 2
    RESTART = 3
    INTERRUPTION = 4
    LOSS = 5


WORDS = {
    Effect.NOTHING: "nothing for Airflow",
    Effect.IN_PLACE: "in place, without a restart",
    Effect.CREATE: "created",
    Effect.RESTART: "rolling restart",
    Effect.INTERRUPTION: "interruption",
    Effect.LOSS: "loss of data",
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


@dataclass(frozen=True)
class Consequence:
    """What deleting or replacing one type of resource means; ``changed`` when it is updated."""

    gone: tuple[Effect, str]
    changed: tuple[Effect, str] = (Effect.NOTHING, "")


_RULES = (Effect.IN_PLACE, "new connections obey the new rules at once, tasks that use them notice")
RESOURCES = {
    "aws:s3/bucket:Bucket": Consequence((Effect.LOSS, "DAGs, plugins and their history are gone")),
    "aws:kms/key:Key": Consequence(
        (Effect.LOSS, "what it encrypted, the metadata database too, can no longer be read"),
        (Effect.IN_PLACE, "who may use the key changes at once"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Consequence(
        (Effect.LOSS, "the logs of past runs are gone"),
        (Effect.NOTHING, "only how long and how logs are kept"),
    ),
    "aws:iam/role:Role": Consequence(
        (Effect.INTERRUPTION, "tasks have no AWS identity until the environment has the new role"),
        (Effect.IN_PLACE, "tasks get the new rights within minutes"),
    ),
    "aws:iam/rolePolicy:RolePolicy": Consequence(
        (Effect.INTERRUPTION, "tasks lose these rights at once"),
        (Effect.IN_PLACE, "tasks get the new rights within minutes"),
    ),
    "aws:ssm/parameter:Parameter": Consequence(
        (Effect.IN_PLACE, "pipelines and stacks that read it find nothing"),
        (Effect.IN_PLACE, "pipelines and stacks that read it find another value"),
    ),
    "aws:ec2/vpc:Vpc": Consequence((Effect.LOSS, "the environment must go with its network")),
    "aws:ec2/subnet:Subnet": Consequence((Effect.LOSS, "the environment must go with its subnet")),
    "aws:ec2/routeTable:RouteTable": Consequence(
        (Effect.INTERRUPTION, "the subnets lose their routes meanwhile"), _RULES
    ),
    "aws:ec2/route:Route": Consequence((Effect.INTERRUPTION, "its targets cannot be reached")),
    "aws:ec2/natGateway:NatGateway": Consequence(
        (Effect.INTERRUPTION, "tasks reach no internet until the new one stands")
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Consequence(
        (Effect.INTERRUPTION, "its service cannot be reached privately until the new one stands"),
        _RULES,
    ),
    "aws:ec2/securityGroup:SecurityGroup": Consequence(
        (Effect.INTERRUPTION, "the environment's parts may not speak to each other"), _RULES
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Consequence(
        (Effect.INTERRUPTION, "what it allowed is refused"), _RULES
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Consequence(
        (Effect.INTERRUPTION, "what it allowed is refused"), _RULES
    ),
}
