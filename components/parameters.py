"""What other stacks and pipelines need to know of an environment, as SSM parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import ssm


@dataclass(frozen=True, kw_only=True)
class StackParametersArgs:
    """Where the parameters stand, and what they hold."""

    prefix: str
    """Path before every name, with a slash at its beginning and none at its end."""
    values: Mapping[str, pulumi.Input[str]]
    """Name below the prefix (``bucketName``, ``logGroupNames/task``) to value; none is empty."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


class StackParameters(pulumi.ComponentResource):
    """One parameter of type String for each value.

    Nothing here is secret, so the values are plain: a plan shows what it would write. Readers need
    ``ssm:GetParametersByPath`` on the prefix, and neither Pulumi nor its state.
    """

    names: dict[str, pulumi.Output[str]]
    """Name below the prefix to the parameter's whole name."""

    def __init__(
        self, name: str, args: StackParametersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        if not args.prefix.startswith("/") or args.prefix.endswith("/"):
            raise pulumi.RunError(
                f"StackParameters: `prefix` is {args.prefix!r}. Allowed: a path like /mwaa/prod. "
                "Why: SSM finds parameters by whole parts of a path. Do: begin with a slash, and "
                "end without one."
            )
        super().__init__("mwaa:components:StackParameters", name, None, opts)
        self.names = {}
        for key, value in args.values.items():
            parameter = ssm.Parameter(
                f"{name}-{key.replace('/', '-').replace('_', '-')}",
                name=f"{args.prefix}/{key}",
                type="String",
                insecure_value=value,
                tags=args.tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.names[key] = parameter.name
        self.register_outputs({"prefix": args.prefix})
