"""The VPC endpoints through which the environment reaches AWS without the internet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import ec2, vpc

from components import existing
from mwaa.names import Names
from mwaa.service import endpoints
from mwaa.service.ports import HTTPS


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointsArgs:
    """Where the endpoints stand, who may use them, and what may pass.

    ``services`` are suffixes (``s3``, ``sqs``, ``ecr.api``) or full service names, see
    ``mwaa.service.endpoints``; ``subnet_ids`` are the environment's two, ``environment_group_id``
    its security group."""

    names: Names
    services: Sequence[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    environment_group_id: pulumi.Input[str]
    route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None
    """Route tables of the subnets, for the S3 gateway. Absent: ``s3`` is refused."""
    client_cidr: str | None = None
    """Block whose other hosts may use the endpoints too. Absent: only the environment may."""
    key_arn: pulumi.Input[str] | None = None
    """Key that may pass the KMS endpoint. Absent: any key of the account may."""
    open_gateway_egress: bool = False
    """Whether the environment's group gets a rule out to each gateway, whose addresses lie outside
    the VPC. Absent: it does not need one, or has it."""
    other_buckets: Sequence[str] = ()
    """Buckets besides the source bucket that may pass the S3 endpoint. Absent: none."""
    write_prefixes: Sequence[str] = ()
    """Parts of the source bucket that may be written to through the S3 endpoint. Absent: none."""
    neighbors: Sequence[endpoints.Neighbor] = ()
    """Other environments of the VPC, which need of the endpoints what this one needs. Absent: this
    environment is alone."""
    open_policies: bool = False
    """Whether all may pass the endpoints. Absent: what this environment needs."""
    owner: pulumi.ProviderResource | None = None
    """Provider of the account that owns a shared VPC: it makes the endpoints and their group.
    Absent: the VPC belongs to the environment's account."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags beyond names."""


class PrivateEndpoints(pulumi.ComponentResource):
    """An S3 gateway endpoint and interface endpoints with private DNS in both subnets.

    ``endpoint_ids`` maps each service to its endpoint.
    """

    endpoint_ids: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: PrivateEndpointsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        gateways = [service for service in args.services if service in endpoints.GATEWAY]
        if gateways and args.route_table_ids is None:
            raise pulumi.RunError(
                f"PrivateEndpoints: `services` names {', '.join(gateways)} without "
                "`route_table_ids`; a gateway endpoint works only through the subnets' route "
                "tables. Give their ids, or leave the service out where the VPC has it already."
            )
        if args.owner is not None and args.client_cidr is None:
            raise pulumi.RunError(
                "PrivateEndpoints: `owner` given without `client_cidr`; the owner's group admits "
                "the environment by the VPC's block. Give `client_cidr`."
            )
        super().__init__("mwaa:components:PrivateEndpoints", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._made = pulumi.ResourceOptions(parent=self, provider=args.owner)
        self.endpoint_ids = {service: self._gateway(service) for service in gateways}
        interfaces = endpoints.interfaces(args.services)
        if interfaces:
            group = self._group()
            self.endpoint_ids |= {
                service: self._interface(service, group) for service in interfaces
            }
        self.register_outputs({"endpointIds": self.endpoint_ids})

    def _gateway(self, service: str) -> pulumi.Output[str]:
        endpoint = ec2.VpcEndpoint(
            f"{self._name}-{service}",
            vpc_id=self._args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=endpoints.service_name(service, self._args.names.region),
            route_table_ids=self._args.route_table_ids,
            policy=self._policy(service),
            tags=self._tags(service),
            opts=self._made,
        )
        if self._args.open_gateway_egress:
            # By the endpoint's own output and not by a lookup: so a reader of the plan, who has no
            # ids yet, knows which service the rule opens.
            vpc.SecurityGroupEgressRule(
                f"{self._name}-to-{service}",
                security_group_id=self._args.environment_group_id,
                prefix_list_id=endpoint.prefix_list_id,
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                opts=self._child,
            )
        return endpoint.id

    def _interface(self, service: str, group: pulumi.Output[str]) -> pulumi.Output[str]:
        # What this project knows takes a policy and has a private name; of others EC2 says it.
        is_known = endpoints.is_narrowed(service)
        offered = (
            None if is_known else existing.endpoint_service(service, self._args.names, self._made)
        )
        is_private = endpoints.is_private_service(service)
        has_name, takes_policy = not is_private, is_known
        if offered is not None:
            has_name = bool(offered.private_dns_name)
            takes_policy = offered.vpc_endpoint_policy_supported and not is_private
        endpoint = ec2.VpcEndpoint(
            f"{self._name}-{service}",
            vpc_id=self._args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=endpoints.service_name(service, self._args.names.region),
            subnet_ids=self._args.subnet_ids,
            security_group_ids=[group],
            # MWAA calls AWS's services by their public names; only private DNS leads these here.
            private_dns_enabled=has_name,
            # EC2 refuses a policy where the service takes none.
            policy=self._policy(service) if takes_policy else None,
            tags=self._tags(service),
            opts=self._made,
        )
        return endpoint.id

    def _policy(self, service: str) -> pulumi.Output[str]:
        args = self._args

        def write(key_arn: str) -> str:
            if args.open_policies:
                return json.dumps(endpoints.open_policy())
            document = endpoints.policy(
                service,
                args.names,
                key_arn=key_arn,
                other_buckets=args.other_buckets,
                write_prefixes=args.write_prefixes,
                neighbors=args.neighbors,
            )
            return json.dumps(document)

        # Only the KMS policy names the key: all others must stay known before the key exists.
        if service == "kms" and args.key_arn is not None and not args.open_policies:
            return pulumi.Output.from_input(args.key_arn).apply(write)
        return pulumi.Output.from_input(write(""))

    def _tags(self, service: str) -> dict[str, str]:
        return {**self._args.tags, "Name": f"{self._args.names.vpc}-{service}"}

    def _group(self) -> pulumi.Output[str]:
        name, args = self._name, self._args
        group = ec2.SecurityGroup(
            f"{name}-endpoints",
            name=args.names.endpoint_security_group,
            description=f"VPC endpoints of Amazon MWAA environment {args.names.environment}",
            vpc_id=args.vpc_id,
            tags={**args.tags, "Name": args.names.endpoint_security_group},
            opts=self._made,
        )
        # No egress rule: an endpoint only answers, and answers need none.
        if args.owner is None:
            vpc.SecurityGroupIngressRule(
                f"{name}-from-environment",
                security_group_id=group.id,
                referenced_security_group_id=args.environment_group_id,
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                opts=self._made,
            )
        if args.client_cidr is not None:
            vpc.SecurityGroupIngressRule(
                f"{name}-from-vpc",
                security_group_id=group.id,
                cidr_ipv4=args.client_cidr,
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                opts=self._made,
            )
        return group.id
