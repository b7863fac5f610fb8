"""Reads the network of a plan: VPCs, subnets, gateways, flow logs and private zones."""

from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    DhcpOptions,
    FlowLog,
    HostedZone,
    InternetGateway,
    Maybe,
    NatGateway,
    Subnet,
    Vpc,
    known,
    or_unknown,
)
from policy.plan.resources import Plan, Resource

VPC = "aws:ec2/vpc:Vpc"
VPCS = (VPC, "aws:ec2/defaultVpc:DefaultVpc")
SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
IGW = "aws:ec2/internetGateway:InternetGateway"
NAT = "aws:ec2/natGateway:NatGateway"
ZONE = "aws:route53/zone:Zone"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"


def vpcs(plan: Plan, environment: Resource, account: Maybe[str]) -> tuple[Vpc, ...]:
    """All VPCs of the plan, with secondary CIDR blocks and DHCP options.

    ``account`` is where the provider of ``environment`` works: what it makes belongs to it.
    """
    return tuple(
        _vpc(plan, item, account if item.shares_provider(environment) else UNKNOWN)
        for item in plan.of(*VPCS)
    )


def _vpc(plan: Plan, item: Resource, account: Maybe[str]) -> Vpc:
    cidrs: list[Maybe[str]] = []
    for holder, key in [
        (item, "cidrBlock"),
        *(
            (extra, "cidrBlock")
            for extra in plan.of("aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
            if plan.target(extra, "vpcId", *VPCS) is item
        ),
    ]:
        value = holder.text(key)
        cidrs.append(or_unknown(value))
    options: Maybe[str | None] = _default_options(item).id
    for link in plan.of("aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation"):
        if plan.target(link, "vpcId", *VPCS) is item:
            options = plan.refer(link, "dhcpOptionsId", "aws:ec2/vpcDhcpOptions:VpcDhcpOptions")
    owner = item.text("ownerId")
    return Vpc(
        id=item.identity,
        cidrs=tuple(cidrs),
        dns_support=item.flag("enableDnsSupport", default=True),
        dns_hostnames=item.flag("enableDnsHostnames"),
        dhcp_options=options,
        owner=owner if isinstance(owner, str) else account,
    )


def dhcp_options(plan: Plan) -> tuple[DhcpOptions, ...]:
    """The option sets that the plan declares, and the default set of each of its VPCs."""
    declared = tuple(
        DhcpOptions(id=item.identity, name_servers=_texts(item.get("domainNameServers")))
        for item in plan.of("aws:ec2/vpcDhcpOptions:VpcDhcpOptions")
    )
    return (*declared, *(_default_options(vpc) for vpc in plan.of(*VPCS)))


def _default_options(vpc: Resource) -> DhcpOptions:
    """The set that a VPC has when nothing else is associated: AWS makes it, nobody can edit it.

    https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html
    """
    known_id = vpc.text("dhcpOptionsId")
    return DhcpOptions(
        id=known_id if isinstance(known_id, str) else f"{vpc.urn}#dhcp-options",
        name_servers=("AmazonProvidedDNS",),
    )


def _texts(value: Any) -> Maybe[tuple[str, ...]]:
    if value is None:
        return ()
    if not known(value) or UNKNOWN in value:
        return UNKNOWN
    return tuple(str(item) for item in value)


def subnets(plan: Plan) -> tuple[Subnet, ...]:
    """All subnets of the plan."""
    return tuple(
        Subnet(
            id=item.identity,
            vpc=or_unknown(plan.refer(item, "vpcId", *VPCS)),
            zone=or_unknown(item.text("availabilityZone")),
            zone_id=or_unknown(item.text("availabilityZoneId")),
            cidr=item.text("cidrBlock"),
            public_ip_on_launch=item.flag("mapPublicIpOnLaunch"),
            ipv6_on_launch=item.flag("assignIpv6AddressOnCreation"),
        )
        for item in plan.of(*SUBNETS)
    )


def nat_gateways(plan: Plan) -> tuple[NatGateway, ...]:
    """All NAT gateways of the plan."""
    return tuple(
        NatGateway(
            id=item.identity,
            subnet=or_unknown(plan.refer(item, "subnetId", *SUBNETS)),
            is_public=item.get("connectivityType") != "private",
        )
        for item in plan.of(NAT)
    )


def internet_gateways(plan: Plan) -> tuple[InternetGateway, ...]:
    """All internet gateways of the plan, attached by input or by a resource of their own."""
    found = []
    for item in plan.of(IGW):
        vpc = plan.refer(item, "vpcId", *VPCS) if item.declares("vpcId") else None
        for link in plan.of("aws:ec2/internetGatewayAttachment:InternetGatewayAttachment"):
            if plan.target(link, "internetGatewayId", IGW) is item:
                vpc = plan.refer(link, "vpcId", *VPCS)
        found.append(InternetGateway(id=item.identity, vpc=vpc))
    return tuple(found)


def flow_logs(plan: Plan) -> tuple[FlowLog, ...]:
    """All flow logs of the plan, whatever they watch."""
    found = []
    for item in plan.of(FLOW_LOG):
        key = next((k for k in ("subnetId", "eniId") if item.declares(k)), "vpcId")
        types = VPCS if key == "vpcId" else SUBNETS
        found.append(
            FlowLog(
                id=item.identity,
                target=or_unknown(plan.refer(item, key, *types)),
                traffic=or_unknown(item.text("trafficType")),
                destination=item.text("logDestination"),
            )
        )
    return tuple(found)


def hosted_zones(plan: Plan) -> tuple[HostedZone, ...]:
    """The private zones of the plan and the names of their records."""
    found = []
    for item in plan.of(ZONE):
        name = item.text("name")
        vpcs = item.blocks("vpcs")
        if not known(vpcs) or not vpcs:
            continue
        members = plan.refer_all(item, "vpcs", *VPCS, values=[block.get("vpcId") for block in vpcs])
        records = [
            record.text("name")
            for record in plan.of("aws:route53/record:Record")
            if plan.target(record, "zoneId", ZONE) is item
        ]
        found.append(
            HostedZone(
                id=item.identity,
                name=or_unknown(name),
                vpcs=UNKNOWN
                if not known(members) or UNKNOWN in members
                else tuple(m for m in members if isinstance(m, str)),
                records=UNKNOWN
                if UNKNOWN in records
                else tuple(r for r in records if isinstance(r, str)),
            )
        )
    return tuple(found)
