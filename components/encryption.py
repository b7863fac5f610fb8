"""The KMS key that encrypts the environment, its bucket, its queue and its logs."""

from dataclasses import dataclass, field

import pulumi
from pulumi_aws import kms

from components import existing
from components.retention import data_options
from mwaa import iam_policies
from mwaa.names import Names


@dataclass(frozen=True, kw_only=True)
class EnvironmentKeyArgs:
    """A new customer managed key, an existing one, or the key that AWS owns."""

    names: Names
    existing_key_arn: pulumi.Input[str] | None = None
    """ARN of a key, not of an alias. Absent: a key is created.
    The policy of an existing key stays its owner's task."""
    aws_owned: bool = False
    """Whether MWAA uses the key that AWS owns. Absent: a customer managed key."""
    rotation_days: int = 365
    """Days between rotations of the key material. Absent: a year."""
    deletion_window_days: int = 30
    """Days in which a deletion can be taken back, 7 to 30. Absent: 30."""
    alarm_topic: bool = False
    """Whether alarms publish to a topic encrypted with this key. Absent: they may not use it."""
    protect: bool = True
    """Whether the engine refuses to delete the key. Absent: it refuses."""
    force_destroy: bool = False
    """Whether an unprotected key is deleted. Absent: it stays in the account."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class EnvironmentKey(pulumi.ComponentResource):
    """One key for everything the environment stores. MWAA can never change it afterwards.

    ``key_arn`` is None with the AWS-owned key, which has no ARN in the account.
    """

    key_arn: pulumi.Output[str] | None

    def __init__(
        self, name: str, args: EnvironmentKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        if args.aws_owned and args.existing_key_arn is not None:
            raise pulumi.RunError(
                "EnvironmentKey: `aws_owned` given with `existing_key_arn`; one key encrypts an "
                "environment, so only one of them is allowed. Remove one."
            )
        found = existing.properties(existing.key(args.existing_key_arn, args.names, opts))
        super().__init__("mwaa:components:EnvironmentKey", name, found, opts)
        if args.aws_owned:
            self.key_arn = None
        elif args.existing_key_arn is not None:
            self.key_arn = pulumi.Output.from_input(args.existing_key_arn)
        else:
            self.key_arn = self._create(name, args)
        self.register_outputs({"keyArn": self.key_arn, **found})

    def _create(self, name: str, args: EnvironmentKeyArgs) -> pulumi.Output[str]:
        key = kms.Key(
            f"{name}-key",
            description=f"Amazon MWAA environment {args.names.environment}",
            # In the key itself, not in a KeyPolicy beside it: there is no moment in which
            # CloudWatch Logs would be refused the key of a log group.
            policy=pulumi.Output.json_dumps(
                iam_policies.key_policy(args.names, alarm_topic=args.alarm_topic)
            ),
            enable_key_rotation=True,
            rotation_period_in_days=args.rotation_days,
            deletion_window_in_days=args.deletion_window_days,
            # A multi-region key cannot encrypt an environment.
            multi_region=False,
            tags=args.tags,
            opts=data_options(self, protect=args.protect, force_destroy=args.force_destroy),
        )
        kms.Alias(
            f"{name}-alias",
            name=args.names.key_alias,
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn
