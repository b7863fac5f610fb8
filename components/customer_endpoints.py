"""The database and web server endpoints, which CUSTOMER endpoint management leaves to us."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import ec2

from mwaa.names import Names


@dataclass(frozen=True, kw_only=True)
class CustomerEndpointsArgs:
    """The environment's two endpoint services, and where their endpoints stand.

    The service names are outputs of the environment: they are new with every create, so no stack
    file can hold them. Subnets and security groups are the environment's own.
    """

    names: Names
    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    database_service: pulumi.Input[str]
    webserver_service: pulumi.Input[str] | None = None
    """Absent: the web server is public only and has no endpoint."""
    hooks: pulumi.ResourceHookBinding | None = None
    """Hooks of the last endpoint: only after it can the environment become AVAILABLE. Absent: none
    wait, and the environment is PENDING when the program ends."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags beyond names."""


class CustomerEndpoints(pulumi.ComponentResource):
    """Two interface endpoints without which the environment stays PENDING and fails after 72 hours.

    ``endpoint_ids`` maps ``database`` and ``webserver`` to endpoints. Source:
    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-endpoint-management.html
    """

    endpoint_ids: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: CustomerEndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("mwaa:components:CustomerEndpoints", name, None, opts)
        services = {"database": args.database_service}
        if args.webserver_service is not None:
            services["webserver"] = args.webserver_service
        made: list[pulumi.Resource] = []
        self.endpoint_ids = {}
        for role, service in services.items():
            is_last = len(made) == len(services) - 1
            endpoint = ec2.VpcEndpoint(
                f"{name}-{role}",
                vpc_id=args.vpc_id,
                vpc_endpoint_type="Interface",
                service_name=service,
                subnet_ids=args.subnet_ids,
                security_group_ids=args.security_group_ids,
                # The environment's host names already resolve to these endpoints; the endpoint
                # services of MWAA carry no private DNS name that could be turned on.
                private_dns_enabled=False,
                tags={**args.tags, "Name": f"{args.names.vpc}-{role}"},
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=list(made), hooks=args.hooks if is_last else None
                ),
            )
            made.append(endpoint)
            self.endpoint_ids[role] = endpoint.id
        self.register_outputs({"endpointIds": self.endpoint_ids})
