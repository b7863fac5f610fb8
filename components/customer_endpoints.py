"""The database and web server endpoints, which CUSTOMER endpoint management leaves to us."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import ec2, vpc

from mwaa.names import Names
from mwaa.service.ports import HTTPS, POSTGRESQL


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
    owner: pulumi.ProviderResource | None = None
    """Provider of the account that owns a shared VPC: it makes the endpoints, in a group of its
    own, because an endpoint takes no group of another account. Absent: the VPC is the stack's
    account's."""
    client_cidr: str | None = None
    """Block that the owner's group admits, the VPC's. Absent: needed with ``owner``."""
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
        if args.owner is not None and args.client_cidr is None:
            raise pulumi.RunError(
                "CustomerEndpoints: `owner` given without `client_cidr`; the owner's group admits "
                "the environment by the VPC's block. Give `client_cidr`."
            )
        super().__init__("mwaa:components:CustomerEndpoints", name, None, opts)
        services = {"database": args.database_service}
        if args.webserver_service is not None:
            services["webserver"] = args.webserver_service
        self._name, self._args = name, args
        groups, rules = args.security_group_ids, list[pulumi.Resource]()
        if args.owner is not None:
            group, rules = self._owners_group(args.owner)
            groups = [group]
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
                security_group_ids=groups,
                # The environment's host names already resolve to these endpoints; the endpoint
                # services of MWAA carry no private DNS name that could be turned on.
                private_dns_enabled=False,
                tags={**args.tags, "Name": f"{args.names.vpc}-{role}"},
                opts=pulumi.ResourceOptions(
                    parent=self,
                    provider=args.owner,
                    # MWAA goes on as soon as it sees them: the way through is open by then.
                    depends_on=[*rules, *made],
                    hooks=args.hooks if is_last else None,
                ),
            )
            made.append(endpoint)
            self.endpoint_ids[role] = endpoint.id
        self.register_outputs({"endpointIds": self.endpoint_ids})

    def _owners_group(
        self, owner: pulumi.ProviderResource
    ) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
        """The group of the owner's endpoints, and the rules that let the environment to them."""
        name, args = self._name, self._args
        theirs = pulumi.ResourceOptions(parent=self, provider=owner)
        group = ec2.SecurityGroup(
            f"{name}-owner",
            name=args.names.customer_endpoint_security_group,
            description=f"Endpoints of Amazon MWAA environment {args.names.environment}",
            vpc_id=args.vpc_id,
            tags={**args.tags, "Name": args.names.customer_endpoint_security_group},
            opts=theirs,
        )
        rules: list[pulumi.Resource] = [
            vpc.SecurityGroupIngressRule(
                f"{name}-from-vpc-{port}",
                security_group_id=group.id,
                cidr_ipv4=args.client_cidr,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                opts=theirs,
            )
            for port in (HTTPS, POSTGRESQL)
        ]
        # The environment's own group lets it reach 443 in the VPC, the database in itself alone.
        way = vpc.SecurityGroupEgressRule(
            f"{name}-to-database",
            security_group_id=pulumi.Output.from_input(args.security_group_ids)[0],
            cidr_ipv4=args.client_cidr,
            ip_protocol="tcp",
            from_port=POSTGRESQL,
            to_port=POSTGRESQL,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return group.id, [*rules, way]
