"""Reads what bears on an environment from the account, as the facts that ``proofs`` judge.

The one place where Describe answers become ``mwaa.subject`` records for the emulator. Only what
the service itself would look at is read: network, role, key and bucket policy.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from local.emulator.backends.mwaa.environment import Environment
from local.emulator.world import world
from mwaa import subject as facts

_KINDS = (
    ("NatGatewayId", "nat"),
    ("TransitGatewayId", "transit"),
    ("VpcPeeringConnectionId", "peering"),
    ("EgressOnlyInternetGatewayId", "egress-only-internet"),
    ("NetworkInterfaceId", "interface"),
    ("CarrierGatewayId", "carrier"),
)
_GATEWAYS = {"igw-": "internet", "vpce-": "endpoint", "vgw-": "virtual-private"}
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp"}


def read(environment: Environment) -> facts.Subject:
    """The environment and everything that its verdict depends on."""
    account, region = environment.account, environment.region

    ec2 = world().accounts.client("ec2", account, region)
    wanted = environment.config["NetworkConfiguration"]["SubnetIds"]
    try:
        vpc = ec2.describe_subnets(SubnetIds=wanted)["Subnets"][0]["VpcId"]
    except ClientError:
        vpc = ""  # the customer took the network away
    here = [{"Name": "vpc-id", "Values": [vpc]}]
    return facts.Subject(
        origin="live",
        environment=_environment(environment),
        account=facts.Account(id=account, region=region, partition=environment.names.partition),
        vpcs=tuple(_vpc(ec2, item) for item in ec2.describe_vpcs(Filters=here)["Vpcs"]),
        dhcp_options=tuple(map(_dhcp, ec2.describe_dhcp_options()["DhcpOptions"])),
        subnets=tuple(map(_subnet, ec2.describe_subnets(Filters=here)["Subnets"])),
        route_tables=tuple(map(_table, ec2.describe_route_tables(Filters=here)["RouteTables"])),
        network_acls=tuple(map(_acl, ec2.describe_network_acls(Filters=here)["NetworkAcls"])),
        security_groups=tuple(
            map(_group, ec2.describe_security_groups(Filters=here)["SecurityGroups"])
        ),
        prefix_lists=tuple(_prefix_lists(ec2, region)),
        endpoints=tuple(
            _endpoint(item)
            for item in ec2.describe_vpc_endpoints()["VpcEndpoints"]
            if item["VpcId"] == vpc and item["State"] != "deleted"
        ),
        nat_gateways=tuple(
            facts.NatGateway(
                id=item["NatGatewayId"],
                subnet=item["SubnetId"],
                is_public=item.get("ConnectivityType", "public") == "public",
                state=item["State"],
            )
            for item in ec2.describe_nat_gateways(Filters=here)["NatGateways"]
        ),
        internet_gateways=tuple(
            facts.InternetGateway(
                id=item["InternetGatewayId"],
                vpc=next((link["VpcId"] for link in item["Attachments"]), None),
            )
            for item in ec2.describe_internet_gateways()["InternetGateways"]
        ),
        hosted_zones=(),
        bucket=_bucket(environment),
        key=key(environment),
        role=role(environment),
    )


def subject_of_role(environment: Environment, role: facts.Role) -> facts.Subject:
    """Just enough to judge whether the service may assume ``role``."""
    account = facts.Account(
        id=environment.account, region=environment.region, partition=environment.names.partition
    )
    record = _environment(environment)
    return facts.Subject(origin="live", environment=record, account=account, role=role, bucket=None)


def _environment(environment: Environment) -> facts.Environment:
    config = environment.config
    side = environment.service
    return facts.Environment(
        id=environment.arn,
        name=environment.name,
        airflow_version=config["AirflowVersion"],
        environment_class=config["EnvironmentClass"],
        webserver_access_mode=config["WebserverAccessMode"],
        endpoint_management=config["EndpointManagement"],
        kms_key=config.get("KmsKey"),
        execution_role=config["ExecutionRoleArn"],
        source_bucket=config["SourceBucketArn"],
        dag_s3_path=config["DagS3Path"],
        subnets=tuple(config["NetworkConfiguration"]["SubnetIds"]),
        security_groups=tuple(config["NetworkConfiguration"]["SecurityGroupIds"]),
        status=environment.status,
        database_endpoint_service=side.database_service if side else None,
        webserver_endpoint_service=(
            side.webserver_service if side and environment.is_private else None
        ),
        celery_queue=side.queue_arn if side else None,
    )


def _vpc(ec2: Any, item: dict[str, Any]) -> facts.Vpc:
    def attribute(name: str) -> bool:
        answer = ec2.describe_vpc_attribute(VpcId=item["VpcId"], Attribute=name)
        return bool(answer[name[0].upper() + name[1:]]["Value"])

    blocks = item.get("CidrBlockAssociationSet") or [{"CidrBlock": item["CidrBlock"]}]
    return facts.Vpc(
        id=item["VpcId"],
        cidrs=tuple(block["CidrBlock"] for block in blocks),
        dns_support=attribute("enableDnsSupport"),
        dns_hostnames=attribute("enableDnsHostnames"),
        dhcp_options=item.get("DhcpOptionsId") if item.get("DhcpOptionsId") != "default" else None,
        owner=item.get("OwnerId", ""),
    )


def _dhcp(item: dict[str, Any]) -> facts.DhcpOptions:
    servers = [
        value["Value"]
        for option in item.get("DhcpConfigurations", [])
        if option["Key"] == "domain-name-servers"
        for value in option["Values"]
    ]
    return facts.DhcpOptions(id=item["DhcpOptionsId"], name_servers=tuple(servers))


def _subnet(item: dict[str, Any]) -> facts.Subnet:
    return facts.Subnet(
        id=item["SubnetId"],
        vpc=item["VpcId"],
        zone=item["AvailabilityZone"],
        zone_id=item["AvailabilityZoneId"],
        cidr=item["CidrBlock"],
        public_ip_on_launch=bool(item.get("MapPublicIpOnLaunch")),
        free_addresses=item.get("AvailableIpAddressCount", 0),
    )


def _route(item: dict[str, Any]) -> facts.Route:
    destination = (
        item.get("DestinationPrefixListId")
        or item.get("DestinationCidrBlock")
        or item.get("DestinationIpv6CidrBlock", "")
    )
    gateway = item.get("GatewayId", "")
    kind, target = "other", gateway or None
    if gateway == "local":
        kind = "local"
    for prefix, name in _GATEWAYS.items():
        if gateway.startswith(prefix):
            kind = name
    for member, name in _KINDS:
        if item.get(member):
            kind, target = name, item[member]
    return facts.Route(
        destination=destination, kind=kind, target=target, blackhole=item["State"] == "blackhole"
    )


def _table(item: dict[str, Any]) -> facts.RouteTable:
    links = item.get("Associations", [])
    return facts.RouteTable(
        id=item["RouteTableId"],
        vpc=item["VpcId"],
        is_main=any(link.get("Main") for link in links),
        subnets=tuple(link["SubnetId"] for link in links if link.get("SubnetId")),
        routes=tuple(map(_route, item["Routes"])),
    )


def _acl(item: dict[str, Any]) -> facts.NetworkAcl:
    return facts.NetworkAcl(
        id=item["NetworkAclId"],
        vpc=item["VpcId"],
        is_default=item["IsDefault"],
        subnets=tuple(link["SubnetId"] for link in item.get("Associations", [])),
        entries=tuple(
            facts.AclEntry(
                number=entry["RuleNumber"],
                egress=entry["Egress"],
                protocol=str(entry["Protocol"]),
                allow=entry["RuleAction"] == "allow",
                cidr=entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", ""),
                from_port=entry.get("PortRange", {}).get("From"),
                to_port=entry.get("PortRange", {}).get("To"),
            )
            for entry in item["Entries"]
        ),
    )


def _rules(permissions: list[dict[str, Any]]) -> tuple[facts.GroupRule, ...]:
    found = []
    for item in permissions:
        peers = (
            [{"cidr": peer["CidrIp"]} for peer in item.get("IpRanges", [])]
            + [{"cidr": peer["CidrIpv6"]} for peer in item.get("Ipv6Ranges", [])]
            + [{"group": peer["GroupId"]} for peer in item.get("UserIdGroupPairs", [])]
            + [{"prefix_list": peer["PrefixListId"]} for peer in item.get("PrefixListIds", [])]
        )
        protocol = str(item["IpProtocol"])
        ports = (item.get("FromPort"), item.get("ToPort"))
        low, high = (None, None) if protocol == "-1" or -1 in ports else ports
        found += [
            facts.GroupRule(
                protocol=_PROTOCOLS.get(protocol, protocol), from_port=low, to_port=high, **peer
            )
            for peer in peers
        ]
    return tuple(found)


def _group(item: dict[str, Any]) -> facts.SecurityGroup:
    return facts.SecurityGroup(
        id=item["GroupId"],
        name=item["GroupName"],
        vpc=item["VpcId"],
        ingress=_rules(item["IpPermissions"]),
        egress=_rules(item["IpPermissionsEgress"]),
    )


def _prefix_lists(ec2: Any, region: str) -> list[facts.PrefixList]:
    found = []
    for item in ec2.describe_managed_prefix_lists()["PrefixLists"]:
        entries = ec2.get_managed_prefix_list_entries(PrefixListId=item["PrefixListId"])["Entries"]
        found.append(
            facts.PrefixList(
                id=item["PrefixListId"],
                name=item["PrefixListName"],
                cidrs=tuple(entry["Cidr"] for entry in entries),
            )
        )
    return found


def _endpoint(item: dict[str, Any]) -> facts.Endpoint:
    policy = json.loads(item["PolicyDocument"]) if item.get("PolicyDocument") else None
    return facts.Endpoint(
        id=item["VpcEndpointId"],
        service=item["ServiceName"],
        type=item.get("VpcEndpointType") or "Gateway",
        vpc=item["VpcId"],
        subnets=tuple(item.get("SubnetIds", [])),
        security_groups=tuple(group["GroupId"] for group in item.get("Groups", [])),
        route_tables=tuple(item.get("RouteTableIds", [])),
        private_dns=bool(item.get("PrivateDnsEnabled")),
        policy=policy,
        state=item["State"].lower(),
        tags={tag["Key"]: tag["Value"] for tag in item.get("Tags", [])},
    )


def _absent(call: Callable[[], Any]) -> Any:
    """The answer, None where what is asked for does not exist."""
    with suppress(ClientError):
        return call()
    return None


def _bucket(environment: Environment) -> facts.Bucket | None:
    s3 = world().accounts.client("s3", environment.account, environment.region)
    name = environment.config["SourceBucketArn"].rpartition(":::")[2]
    if _absent(lambda: s3.head_bucket(Bucket=name)) is None:
        return None
    policy = _absent(lambda: s3.get_bucket_policy(Bucket=name))
    return facts.Bucket(
        id=environment.config["SourceBucketArn"],
        name=name,
        policy=json.loads(policy["Policy"]) if policy else None,
    )


def key(environment: Environment) -> facts.Key | None:
    """The environment's key; None without one, or where it does not exist."""
    kms = world().accounts.client("kms", environment.account, environment.region)
    wanted = environment.config.get("KmsKey")
    if not wanted:
        return None
    found = _absent(lambda: kms.describe_key(KeyId=wanted))
    if found is None:
        return None
    item = found["KeyMetadata"]
    policy = kms.get_key_policy(KeyId=item["KeyId"], PolicyName="default")["Policy"]
    return facts.Key(
        id=item["Arn"],
        arn=item["Arn"],
        state=item["KeyState"],
        policy=json.loads(policy),
        grants=(),
    )


def _document(value: Any) -> Any:
    return json.loads(unquote(value)) if isinstance(value, str) else value


def _managed(iam: Any, arn: str) -> facts.Policy:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    name = arn.rpartition("/")[2]
    return facts.Policy(id=arn, name=name, arn=arn, document=_document(document["Document"]))


def role(environment: Environment) -> facts.Role | None:
    """The execution role with its policies; None where it does not exist."""
    iam = world().accounts.client("iam", environment.account, environment.region)
    arn = environment.config["ExecutionRoleArn"]
    name = arn.rpartition("/")[2]
    found = _absent(lambda: iam.get_role(RoleName=name))
    if found is None:
        return None
    answer = found["Role"]
    inline = [
        facts.Policy(
            id=f"{name}:{policy}",
            name=policy,
            document=_document(
                iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            ),
        )
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    boundary = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return facts.Role(
        id=arn,
        name=name,
        arn=answer["Arn"],
        trust=_document(answer["AssumeRolePolicyDocument"]),
        policies=(*inline, *(_managed(iam, item["PolicyArn"]) for item in attached)),
        boundary=_managed(iam, boundary) if boundary else None,
    )
