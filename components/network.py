"""The VPC in which the environment lives, or the one it is put into, and its security group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
import pulumi_awsx as awsx
from pulumi_aws import cloudwatch, ec2, iam, vpc

from components import existing
from mwaa import cidr, iam_policies
from mwaa.names import Names
from mwaa.service.ports import HTTPS, POSTGRESQL

Egress = Literal["none", "single-nat", "nat-per-zone", "existing"]
FlowLogs = Literal["all", "reject", "none"]

_NAT_STRATEGY = {"none": "None", "single-nat": "Single", "nat-per-zone": "OnePerAz"}


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """A new VPC (``vpc_cidr`` and ``availability_zones``) or an existing one (``existing_*``).

    ``names`` gives every physical name. ``egress`` says how the environment reaches the internet:
    not at all (``none``), through NAT gateways made here (``single-nat``, ``nat-per-zone``), or as
    the existing VPC routes it (``existing``).
    """

    names: Names
    egress: Egress
    vpc_cidr: str | None = None
    """Block of a new VPC, /16 to /24. Absent: the VPC exists."""
    availability_zones: Sequence[str] = ()
    """The two zone names of a new VPC. Absent: the VPC exists."""
    existing_vpc_id: pulumi.Input[str] | None = None
    """Absent: a VPC is created."""
    existing_subnet_ids: Sequence[pulumi.Input[str]] = ()
    """Two private subnets of the existing VPC. Absent: subnets are created."""
    existing_route_table_ids: Sequence[pulumi.Input[str]] = ()
    """Their route tables. Absent: nothing can give the existing subnets an S3 gateway endpoint."""
    existing_vpc_cidr: str | None = None
    """Absent: with ``egress`` ``none`` the existing VPC is refused, its block bounds the egress."""
    look_up_storage: bool = True
    """Without egress, whether the way out to S3 is opened here, to a prefix list looked up by name.
    Absent: it is; not needed where ``PrivateEndpoints`` makes the S3 gateway and opens it."""
    foreign_database_endpoint: bool = False
    """Whether somebody else makes the database's endpoint, in a group of their own in this VPC.
    Absent: it is in the environment's group, or ``CustomerEndpoints`` opens the way to it."""
    additional_security_group_ids: Sequence[pulumi.Input[str]] = ()
    """Absent: the environment has only the group created here."""
    client_cidrs: Sequence[str] = ()
    """Blocks that may open the web server on 443. Absent: no address may."""
    client_security_group_ids: Sequence[pulumi.Input[str]] = ()
    """Groups that may open the web server on 443. Absent: no group may."""
    flow_logs: FlowLogs = "none"
    """Which traffic of a new VPC is logged. Absent: none; an existing VPC keeps its own."""
    log_retention_days: int = 365
    """Days that flow logs are kept. Absent: a year."""
    key_arn: pulumi.Input[str] | None = None
    """KMS key of the flow logs. Absent: CloudWatch Logs encrypts with its own key."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags beyond names."""


def _without_public_addresses(
    args: pulumi.ResourceTransformArgs,
) -> pulumi.ResourceTransformResult | None:
    """awsx has no field for it: its public subnets would give a public address to all that is
    launched there, and a NAT gateway brings its own."""
    if args.type_ != "aws:ec2/subnet:Subnet":
        return None
    return pulumi.ResourceTransformResult({**args.props, "mapPublicIpOnLaunch": False}, args.opts)


class Network(pulumi.ComponentResource):
    """Two subnets in two zones, and a security group that admits itself and named clients.

    ``subnet_ids`` depends on exactly the environment's two subnets, so that a plan can be proved
    before any id exists. awsx always adds an internet gateway; without egress nothing routes to it.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: pulumi.Output[list[str]]
    route_table_ids: pulumi.Output[list[str]]
    security_group_id: pulumi.Output[str]
    security_group_ids: list[pulumi.Input[str]]

    def __init__(
        self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        _refuse_contradictions(args)
        found = existing.properties(
            [
                *existing.vpc(args.existing_vpc_id, args.names, opts),
                *(
                    fact
                    for subnet in args.existing_subnet_ids
                    for fact in existing.subnet(subnet, args.names, opts)
                ),
            ]
        )
        super().__init__("mwaa:components:Network", name, found, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        if args.vpc_cidr is not None:
            self._create_vpc(args.vpc_cidr)
        else:
            self.vpc_id = pulumi.Output.from_input(_present(args.existing_vpc_id))
            self.subnet_ids = pulumi.Output.all(*args.existing_subnet_ids)
            self.route_table_ids = pulumi.Output.all(*args.existing_route_table_ids)
        group = ec2.SecurityGroup(
            f"{name}-environment",
            name=args.names.security_group,
            description=f"Amazon MWAA environment {args.names.environment}",
            vpc_id=self.vpc_id,
            tags={**args.tags, "Name": args.names.security_group},
            opts=self._child,
        )
        self.security_group_id = group.id
        self.security_group_ids = [group.id, *args.additional_security_group_ids]
        self._ingress()
        self._egress(args.vpc_cidr or args.existing_vpc_cidr)
        self.register_outputs(
            {"vpcId": self.vpc_id, "securityGroupId": self.security_group_id, **found}
        )

    def _create_vpc(self, block: str) -> None:
        name, args = self._name, self._args
        has_nat = args.egress != "none"
        plan = cidr.plan(block, public=has_nat)
        kind = awsx.ec2.SubnetType.PRIVATE if has_nat else awsx.ec2.SubnetType.ISOLATED
        # The explicit name keeps the subnets' URNs when egress turns isolated into private ones:
        # a renamed subnet would be a new subnet, and new subnets mean a new environment.
        specs = [awsx.ec2.SubnetSpecArgs(type=kind, name="private", cidr_blocks=list(plan.private))]
        if plan.public:
            specs.append(
                awsx.ec2.SubnetSpecArgs(
                    type=awsx.ec2.SubnetType.PUBLIC, name="public", cidr_blocks=list(plan.public)
                )
            )
        network = awsx.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=plan.vpc,
            availability_zone_names=list(args.availability_zones),
            subnet_specs=specs,
            # awsx ignores cidr_blocks without a word under its default strategy, Legacy.
            subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
            nat_gateways={"strategy": awsx.ec2.NatGatewayStrategy(_NAT_STRATEGY[args.egress])},
            # Private DNS of interface endpoints needs both.
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags={**args.tags, "Name": args.names.vpc},
            opts=pulumi.ResourceOptions(parent=self, transforms=[_without_public_addresses]),
        )
        # Not its vpc_id: awsx lets that wait for every subnet, so a preview that adds one would not
        # know the VPC any more, and announce that all that stands in it is replaced.
        self.vpc_id = exactly(network.vpc.apply(lambda vpc: [vpc])).apply(lambda ids: ids[0])
        self.subnet_ids = exactly(network.private_subnets if has_nat else network.isolated_subnets)
        self.route_table_ids = exactly(network.route_tables)
        # Nothing here uses the VPC's default group: without rules, what lands in it by accident
        # reaches nothing. Without tags: who may tag it may tag, and take over, any untagged group.
        ec2.DefaultSecurityGroup(
            f"{name}-default", vpc_id=self.vpc_id, ingress=[], egress=[], opts=self._child
        )
        if args.flow_logs != "none":
            self._log_flows(args.flow_logs)

    def _log_flows(self, traffic: FlowLogs) -> None:
        name, names, tags = self._name, self._args.names, self._args.tags
        group = cloudwatch.LogGroup(
            f"{name}-flow-logs",
            name=names.flow_log_group,
            retention_in_days=self._args.log_retention_days,
            kms_key_id=self._args.key_arn,
            tags=tags,
            opts=self._child,
        )
        role = iam.Role(
            f"{name}-flow-logs",
            name=names.flow_log_role,
            assume_role_policy=pulumi.Output.json_dumps(iam_policies.flow_log_trust(names)),
            tags=tags,
            opts=self._child,
        )
        rights = iam.RolePolicy(
            f"{name}-flow-logs",
            role=role.name,
            policy=pulumi.Output.json_dumps(iam_policies.flow_log_permissions(names)),
            opts=self._child,
        )
        ec2.FlowLog(
            f"{name}-flow-logs",
            vpc_id=self.vpc_id,
            traffic_type=traffic.upper(),
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            tags=tags,
            # AWS refuses a second flow log that is the same but for what a change leaves alone.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[rights], delete_before_replace=True
            ),
        )

    def _ingress(self) -> None:
        # 443 is the web server and, from Airflow 3 on, the tasks' own way to the API server;
        # 5432 is the metadata database.
        for port in (HTTPS, POSTGRESQL):
            self._allow_in(f"from-self-{port}", port, group=self.security_group_id)
        for block in self._args.client_cidrs:
            self._allow_in(f"from-{block}", HTTPS, block=block)
        for index, group in enumerate(self._args.client_security_group_ids):
            # By id where it is plain: with an index, removing one client would rewrite the others.
            label = group if isinstance(group, str) else f"group-{index}"
            self._allow_in(f"from-{label}", HTTPS, group=group)

    def _egress(self, block: str | None) -> None:
        if self._args.egress != "none":
            self._allow_out("to-anywhere", None, block="0.0.0.0/0")
            return
        for port in (HTTPS, POSTGRESQL):
            self._allow_out(f"to-self-{port}", port, group=self.security_group_id)
        self._allow_out("to-vpc", HTTPS, block=block)
        if self._args.foreign_database_endpoint:
            self._allow_out("to-database", POSTGRESQL, block=block)
        if not self._args.look_up_storage:
            return
        # S3 through a gateway endpoint keeps its public addresses, which no VPC block contains.
        storage = ec2.get_managed_prefix_list_output(
            name=f"com.amazonaws.{self._args.names.region}.s3",
            opts=pulumi.InvokeOptions(parent=self),
        )
        self._allow_out("to-s3", HTTPS, prefix_list=storage.id)

    def _allow_in(
        self,
        role: str,
        port: int,
        *,
        block: str | None = None,
        group: pulumi.Input[str] | None = None,
    ) -> None:
        vpc.SecurityGroupIngressRule(
            f"{self._name}-{role}",
            security_group_id=self.security_group_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4=block,
            referenced_security_group_id=group,
            opts=self._child,
        )

    def _allow_out(
        self,
        role: str,
        port: int | None,
        *,
        block: str | None = None,
        group: pulumi.Input[str] | None = None,
        prefix_list: pulumi.Input[str] | None = None,
    ) -> None:
        vpc.SecurityGroupEgressRule(
            f"{self._name}-{role}",
            security_group_id=self.security_group_id,
            ip_protocol="tcp" if port else "-1",
            from_port=port,
            to_port=port,
            cidr_ipv4=block,
            referenced_security_group_id=group,
            prefix_list_id=prefix_list,
            opts=self._child,
        )


def exactly(resources: pulumi.Output[Sequence[Any]]) -> pulumi.Output[list[str]]:
    """The ids of resources, as an Output that depends on these resources and on nothing else.

    A component such as ``awsx.ec2.Vpc`` makes each output depend on all that it built. The reader
    of a plan, who follows dependencies while ids are unknown, could not tell which subnets are
    meant. Use it with ``depends_on`` the component, which keeps the order.
    """
    ids: pulumi.Output[list[str]] = resources.apply(_ids)

    async def dependencies() -> set[pulumi.Resource]:
        found = await resources.future(with_unknowns=True)
        return set(found) if isinstance(found, list) else await ids.resources()

    async def value() -> list[str]:
        # is_known says to the engine that an id in here, or all of it, is not known yet.
        return await ids.future(with_unknowns=True) or []

    return pulumi.Output(dependencies(), value(), ids.is_known(), ids.is_secret())


def _ids(resources: Sequence[Any]) -> pulumi.Output[list[str]]:
    return pulumi.Output.all(*(each.id for each in resources))


def _present(value: pulumi.Input[str] | None) -> pulumi.Input[str]:
    assert value is not None
    return value


def _refuse_contradictions(args: NetworkArgs) -> None:
    exists = args.existing_vpc_id is not None
    if exists == (args.vpc_cidr is not None):
        given = "both" if exists else "neither"
        raise pulumi.RunError(
            f"Network: {given} of `vpc_cidr` and `existing_vpc_id` given; exactly one is allowed, "
            "a VPC is either created or exists. Remove one of them."
        )
    if exists and args.availability_zones:
        raise pulumi.RunError(
            "Network: `availability_zones` given with `existing_vpc_id`; zones are chosen only for "
            "a new VPC, the existing subnets lie where they lie. Remove `availability_zones`."
        )
    if not exists and (
        args.existing_subnet_ids or args.existing_route_table_ids or args.existing_vpc_cidr
    ):
        raise pulumi.RunError(
            "Network: `existing_subnet_ids`, `existing_route_table_ids` or `existing_vpc_cidr` "
            "given with `vpc_cidr`; they describe an existing VPC. Give `existing_vpc_id` instead."
        )
    chosen = args.existing_subnet_ids if exists else args.availability_zones
    if len(chosen) != cidr.ZONES or (not exists and len(set(chosen)) != cidr.ZONES):
        what = "existing_subnet_ids" if exists else "availability_zones"
        raise pulumi.RunError(
            f"Network: `{what}` has {len(chosen)} entries, {list(chosen)!r}; exactly two different "
            "ones are allowed, MWAA takes two subnets in two zones. List two."
        )
    kind = "existing_vpc_id" if exists else "vpc_cidr"
    allowed = ("none", "existing") if exists else ("none", "single-nat", "nat-per-zone")
    if args.egress not in allowed:
        raise pulumi.RunError(
            f"Network: `egress` is {args.egress!r} with `{kind}`; "
            f"allowed are {', '.join(allowed)}, because only a new VPC gets NAT gateways here and "
            "only an existing one brings routes. Choose one of these."
        )
    if exists and args.egress == "none" and args.existing_vpc_cidr is None:
        raise pulumi.RunError(
            "Network: `existing_vpc_cidr` is missing while `egress` is 'none'; without internet "
            "the environment's egress is narrowed to the VPC's block. Give `existing_vpc_cidr`."
        )
