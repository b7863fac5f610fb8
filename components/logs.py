"""The five CloudWatch log groups of an environment, owned from the first day."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import cloudwatch

from components.retention import data_options
from mwaa.names import LOG_TYPES, Names


@dataclass(frozen=True, kw_only=True)
class LogGroupsArgs:
    """Retention, key and fate of the five groups; MWAA fixes their names."""

    names: Names
    key_arn: pulumi.Input[str] | None = None
    """Absent: CloudWatch Logs encrypts with its own key."""
    retention_days: int = 365
    """Days that events are kept, a value CloudWatch Logs knows. Absent: a year."""
    adopt: Collection[str] = ()
    """Names of groups that exist already and are taken over as they are. Absent: all are created.

    While a group is adopted its retention, key and tags are left alone; drop it from ``adopt`` in
    a later run to apply them.
    """
    protect: bool = True
    """Whether the engine refuses to delete the groups. Absent: it refuses."""
    force_destroy: bool = False
    """Whether unprotected groups are deleted. Absent: they stay in the account."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class LogGroups(pulumi.ComponentResource):
    """The five groups, made before the environment.

    MWAA creates missing groups itself, without retention and key, and a group that outlives its
    environment then stands in the way of the next one.
    """

    names: dict[str, pulumi.Output[str]]
    """Logging module (``dag_processing`` ...) to log group name."""

    def __init__(
        self, name: str, args: LogGroupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mwaa:components:LogGroups", name, None, opts)
        self.names = {}
        for log_type in LOG_TYPES:
            group_name = args.names.log_group(log_type)
            adopted = group_name in args.adopt
            group = cloudwatch.LogGroup(
                f"{name}-{log_type.replace('_', '-')}",
                name=group_name,
                retention_in_days=args.retention_days,
                kms_key_id=args.key_arn,
                # Says what `retain_on_delete` does once more, where the reader of a plan sees it.
                skip_destroy=not args.force_destroy,
                tags=args.tags,
                opts=data_options(
                    self,
                    protect=args.protect,
                    force_destroy=args.force_destroy,
                    import_=group_name if adopted else None,
                    # The engine imports only what equals its inputs; the existing group's
                    # retention and key are rarely ours.
                    ignore_changes=_IMPORTED_AS_IS if adopted else None,
                ),
            )
            self.names[log_type] = group.name
        self.register_outputs({"names": self.names})


_IMPORTED_AS_IS = [
    "deletionProtectionEnabled",
    "kmsKeyId",
    "logGroupClass",
    "retentionInDays",
    "skipDestroy",
    "tags",
]


def existing(names: Names, opts: pulumi.InvokeOptions) -> list[str]:
    """Names of the environment's groups that are in the account already.

    The engine can import only what exists, and a former environment may have left any of the five
    behind.
    """
    found = cloudwatch.get_log_groups(
        log_group_name_prefix=f"airflow-{names.environment}-", opts=opts
    )
    return list(found.log_group_names)
