"""A VPC that its owner shares: who makes what in it, and an environment whose endpoints wait."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

OWNER = "999999999999"
CREATE = 25 * 60


@pytest.fixture
def owner(clients: Accounts, customer: Customer) -> Any:
    """The owner of the VPC in which ``customer`` is a participant, who asks EC2."""
    ec2 = clients.client("ec2", OWNER, REGION)
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    subnets = []
    for number, zone in enumerate("ab"):
        block = f"10.50.{number}.0/24"
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=f"{REGION}{zone}")
        subnets.append(made["Subnet"])
    clients.client("ram", OWNER, REGION).create_resource_share(
        name="network",
        principals=[ACCOUNT],
        resourceArns=[subnet["SubnetArn"] for subnet in subnets],
    )
    customer.vpc = vpc
    customer.subnets = [subnet["SubnetId"] for subnet in subnets]
    return ec2


def test_the_participant_sees_whose_the_vpc_is_and_makes_groups_in_it(
    owner: Any, customer: Customer
) -> None:
    (vpc,) = customer.ec2.describe_vpcs(VpcIds=[customer.vpc])["Vpcs"]
    assert vpc["OwnerId"] == OWNER
    subnets = customer.ec2.describe_subnets(SubnetIds=customer.subnets)["Subnets"]
    assert {subnet["OwnerId"] for subnet in subnets} == {OWNER}
    group = customer.ec2.create_security_group(
        GroupName="mine", Description="mine", VpcId=customer.vpc
    )["GroupId"]
    (found,) = customer.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["OwnerId"] == ACCOUNT


def test_the_lists_of_aws_are_the_same_for_both(owner: Any, customer: Customer) -> None:
    def ids(ec2: Any) -> set[str]:
        return {one["PrefixListId"] for one in ec2.describe_prefix_lists()["PrefixLists"]}

    assert ids(owner) and ids(owner) == ids(customer.ec2)


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("create_vpc_endpoint", {"ServiceName": f"com.amazonaws.{REGION}.sqs"}),
        ("create_subnet", {"CidrBlock": "10.50.9.0/24"}),
        ("create_route_table", {}),
    ],
)
def test_the_participant_makes_nothing_that_is_the_owners(
    owner: Any, customer: Customer, operation: str, asked: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="This operation does not support shared VPCs") as refused:
        getattr(customer.ec2, operation)(VpcId=customer.vpc, **asked)
    assert refused.value.response["Error"]["Code"] == "UnauthorizedOperation"


def _network(customer: Customer) -> dict[str, Any]:
    group = customer.ec2.create_security_group(
        GroupName="airflow-shared", Description="environment", VpcId=customer.vpc
    )["GroupId"]
    return {"SubnetIds": customer.subnets, "SecurityGroupIds": [group]}


def test_an_environment_waits_until_the_owner_has_made_both_endpoints(
    emulator: Emulator, owner: Any, customer: Customer
) -> None:
    network = _network(customer)
    with pytest.raises(ClientError, match="must be CUSTOMER in a shared VPC"):
        customer.create(NetworkConfiguration=network)
    customer.create(NetworkConfiguration=network, EndpointManagement="CUSTOMER")
    forward(emulator, CREATE)
    waiting = customer.get()
    assert waiting["Status"] == "PENDING"
    for member in ("DatabaseVpcEndpointService", "WebserverVpcEndpointService"):
        assert customer.status == "PENDING"
        made = owner.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=customer.vpc,
            ServiceName=waiting[member],
            SubnetIds=customer.subnets,
        )["VpcEndpoint"]
        assert made["OwnerId"] == OWNER
    assert customer.status == "CREATING"
    assert not customer.ec2.describe_vpc_endpoints(
        Filters=[{"Name": "vpc-id", "Values": [customer.vpc]}]
    )["VpcEndpoints"]


def test_an_environment_lives_by_the_endpoints_of_the_owner(
    emulator: Emulator, owner: Any, customer: Customer
) -> None:
    """Those of the required services too, and a group of the owner's that admits the VPC."""
    network = _network(customer)
    (own,) = network["SecurityGroupIds"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    database = {**https, "FromPort": 5432, "ToPort": 5432}
    itself = [{**rule, "UserIdGroupPairs": [{"GroupId": own}]} for rule in (https, database)]
    customer.ec2.authorize_security_group_ingress(GroupId=own, IpPermissions=itself)
    group = owner.create_security_group(
        GroupName="endpoints", Description="endpoints", VpcId=customer.vpc
    )["GroupId"]
    vpc = [{"CidrIp": "10.50.0.0/16"}]
    owner.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{**rule, "IpRanges": vpc} for rule in (https, database)]
    )
    owner.modify_vpc_attribute(VpcId=customer.vpc, EnableDnsHostnames={"Value": True})
    table = owner.create_route_table(VpcId=customer.vpc)["RouteTable"]["RouteTableId"]
    for subnet in customer.subnets:
        owner.associate_route_table(RouteTableId=table, SubnetId=subnet)
    inside = {"SubnetIds": customer.subnets, "SecurityGroupIds": [group]}
    customer.create(NetworkConfiguration=network, EndpointManagement="CUSTOMER")
    forward(emulator, CREATE)
    waiting = customer.get()
    required = [f"com.amazonaws.{REGION}.{one}" for one in ("sqs", "logs", "monitoring", "kms")]
    ours = [waiting[f"{one}VpcEndpointService"] for one in ("Database", "Webserver")]
    owner.create_vpc_endpoint(
        VpcId=customer.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[table]
    )
    for service in (*required, *ours):
        owner.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=customer.vpc,
            ServiceName=service,
            PrivateDnsEnabled=service in required,
            **inside,
        )
    assert customer.status == "CREATING"
    forward(emulator, 3600)
    assert customer.status == "AVAILABLE", customer.get()["LastUpdate"]
