"""The execution role: what the environment, and so every DAG in it, may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_aws import iam

from components import existing
from mwaa import iam_policies
from mwaa.names import Names


@dataclass(frozen=True, kw_only=True)
class ExecutionRoleArgs:
    """A new role with least privilege, or an existing one (``existing_role_arn``)."""

    names: Names
    existing_role_arn: pulumi.Input[str] | None = None
    """Absent: a role is created. Given: nothing about that role is changed."""
    key_arn: pulumi.Input[str] | None = None
    """The environment's customer managed key. Absent: the role may use the key that AWS owns."""
    secrets_prefix: str = ""
    """Secrets Manager path that DAGs may read, without slash. Absent: no secret may be read."""
    write_prefixes: Sequence[str] = ()
    """Parts of the source bucket that DAGs may write to, without slash. Absent: none."""
    trusted_principal_arns: Sequence[str] = ()
    """Users and roles of the account that may assume the role beside MWAA. Absent: nobody."""
    permissions_boundary_arn: pulumi.Input[str] | None = None
    """Absent: no boundary."""
    managed_policy_arns: Sequence[pulumi.Input[str]] = ()
    """Policies to attach. Absent: none."""
    statements: Sequence[Mapping[str, Any]] = ()
    """IAM statements for what the DAGs do. Absent: DAGs reach nothing beyond the environment."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class ExecutionRole(pulumi.ComponentResource):
    """A role that only MWAA may assume, only for this environment.

    What names the key stands in an inline policy of its own: the key's ARN is unknown at a first
    preview, and one unknown would hide the whole document from the policy pack.
    """

    role_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: ExecutionRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _refuse_contradictions(args)
        found = existing.properties(existing.role(args.existing_role_arn, args.names, opts))
        super().__init__("mwaa:components:ExecutionRole", name, found, opts)
        if args.existing_role_arn is not None:
            self.role_arn = pulumi.Output.from_input(args.existing_role_arn)
        else:
            self.role_arn = self._create(name, args)
        self.register_outputs({"roleArn": self.role_arn, **found})

    def _create(self, name: str, args: ExecutionRoleArgs) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        names = args.names
        role = iam.Role(
            f"{name}-role",
            name=names.role,
            description=f"Execution role of the Amazon MWAA environment {names.environment}",
            assume_role_policy=pulumi.Output.json_dumps(
                iam_policies.execution_trust(names, args.trusted_principal_arns)
            ),
            permissions_boundary=args.permissions_boundary_arn,
            tags=args.tags,
            opts=child,
        )
        has_secrets = bool(args.secrets_prefix)
        documents: dict[str, pulumi.Input[iam_policies.Policy]] = {
            "environment": iam_policies.execution_permissions(
                names, secrets_prefix=args.secrets_prefix, write_prefixes=args.write_prefixes
            ),
            "key": iam_policies.aws_owned_key_permissions(names)
            if args.key_arn is None
            else pulumi.Output.from_input(args.key_arn).apply(
                lambda arn: iam_policies.key_permissions(names, arn, secrets=has_secrets)
            ),
        }
        if args.statements:
            documents["dags"] = iam_policies.document(*args.statements)
        for purpose, document in documents.items():
            iam.RolePolicy(
                f"{name}-{purpose}",
                name=purpose,
                role=role.name,
                policy=pulumi.Output.json_dumps(document),
                opts=child,
            )
        for index, arn in enumerate(args.managed_policy_arns):
            label = arn.rsplit("/", 1)[-1] if isinstance(arn, str) else str(index)
            iam.RolePolicyAttachment(
                f"{name}-attach-{label}", role=role.name, policy_arn=arn, opts=child
            )
        # Built from the name: it is known at the first preview, and still waits for the role.
        return role.name.apply(lambda _: names.role_arn)


def _is_foreign(arn: str, args: ExecutionRoleArgs) -> bool:
    owner = arn.split(":")[4:5]
    return bool(owner) and owner[0] not in ("aws", args.names.account)


def _refuse_contradictions(args: ExecutionRoleArgs) -> None:
    strangers = [
        arn for arn in args.trusted_principal_arns if arn.split(":")[4] != args.names.account
    ]
    if strangers:
        raise pulumi.RunError(
            f"ExecutionRole: `trusted_principal_arns` names {', '.join(strangers)}. Allowed: users "
            f"and roles of the account {args.names.account}. Why: whoever assumes the role reads "
            "every DAG, queue and log of the environment. Do: let people of another account assume "
            "a role of this one first, and name that role."
        )
    for argument, arns in (
        ("permissions_boundary_arn", (args.permissions_boundary_arn,)),
        ("managed_policy_arns", args.managed_policy_arns),
    ):
        if foreign := [arn for arn in arns if isinstance(arn, str) and _is_foreign(arn, args)]:
            raise pulumi.RunError(
                f"ExecutionRole: `{argument}` names {', '.join(foreign)}. Allowed: policies of the "
                f"account {args.names.account}, and AWS's own. Why: IAM attaches a policy to roles "
                "of its own account alone. Do: make the policy in this account, and name that one."
            )
    if args.existing_role_arn is None:
        return
    for argument in (
        "permissions_boundary_arn",
        "managed_policy_arns",
        "statements",
        "trusted_principal_arns",
    ):
        given = getattr(args, argument)
        if given is not None and given != ():
            raise pulumi.RunError(
                f"ExecutionRole: `{argument}` given with `existing_role_arn`; an existing role is "
                "used as it is, its owner decides what it may do. Remove one of the two."
            )
