"""IAM policies for people and programs that use the environment: one right, one policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import iam

from mwaa import iam_policies
from mwaa.names import Names


@dataclass(frozen=True, kw_only=True)
class AirflowAccessArgs:
    """The Airflow roles (``Admin``, ``Op``, ``User``, ``Viewer``, ``Public``) to write for."""

    names: Names
    airflow_roles: Sequence[str]
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class AirflowAccess(pulumi.ComponentResource):
    """Per Airflow role a policy to sign in and one to call the REST API, and one for the CLI.

    They stand apart because they are not alike: the CLI token knows no Airflow role, whoever holds
    it administers. ``policy_arns`` maps ``admin-web``, ``admin-rest`` ... ``cli`` to policies;
    attaching them to people stays with the account's owner.
    """

    policy_arns: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: AirflowAccessArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mwaa:components:AirflowAccess", name, None, opts)
        names = args.names
        rights: dict[str, tuple[str, iam_policies.Policy, str]] = {}
        for role in args.airflow_roles:
            rights[f"{role.lower()}-web"] = (
                names.access_policy(role, "web"),
                iam_policies.web_access(names, role),
                f"Open the Airflow UI of {names.environment} as {role}",
            )
            rights[f"{role.lower()}-rest"] = (
                names.access_policy(role, "rest"),
                iam_policies.rest_access(names, role),
                f"Call the Airflow REST API of {names.environment} as {role}",
            )
        rights["cli"] = (
            names.access_policy("", "cli"),
            iam_policies.cli_access(names),
            f"Run Airflow CLI commands in {names.environment}",
        )
        self.policy_arns = {
            right: iam.Policy(
                f"{name}-{right}",
                name=policy_name,
                description=description,
                policy=pulumi.Output.json_dumps(document),
                tags=args.tags,
                opts=pulumi.ResourceOptions(parent=self),
            ).arn
            for right, (policy_name, document, description) in rights.items()
        }
        self.register_outputs({"policyArns": self.policy_arns})
