"""The behavior of the patches that more than one account, or more than one VPC, meets."""

from __future__ import annotations

from rehearsal.emulator.accounts import Accounts
from tests.rehearsal.emulator.patches.test_patches import code
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

OTHER = "999999999999"


def _state(customer: Customer, block: str) -> str:
    (table,) = customer.ec2.describe_route_tables(RouteTableIds=customer.tables[:1])["RouteTables"]
    (route,) = [one for one in table["Routes"] if one.get("DestinationCidrBlock") == block]
    return str(route["State"])


def test_a_route_to_a_deleted_peering_connection_is_a_blackhole(customer: Customer) -> None:
    ec2, block = customer.ec2, "10.99.0.0/16"
    peer = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
    link = ec2.create_vpc_peering_connection(VpcId=customer.vpc, PeerVpcId=peer)[
        "VpcPeeringConnection"
    ]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=link)
    ec2.create_route(
        RouteTableId=customer.tables[0], DestinationCidrBlock=block, VpcPeeringConnectionId=link
    )
    assert _state(customer, block) == "active"
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=link)
    assert _state(customer, block) == "blackhole"


def test_a_route_to_a_deleted_nat_gateway_or_interface_is_a_blackhole(customer: Customer) -> None:
    ec2 = customer.ec2
    nat = ec2.create_nat_gateway(SubnetId=customer.subnets[0], ConnectivityType="private")[
        "NatGateway"
    ]["NatGatewayId"]
    interface = ec2.create_network_interface(SubnetId=customer.subnets[0])["NetworkInterface"][
        "NetworkInterfaceId"
    ]
    for block, target in (("0.0.0.0/0", {"NatGatewayId": nat}),
                          ("10.99.0.0/16", {"NetworkInterfaceId": interface})):  # fmt: skip
        ec2.create_route(RouteTableId=customer.tables[0], DestinationCidrBlock=block, **target)
        assert _state(customer, block) == "active"
    ec2.delete_nat_gateway(NatGatewayId=nat)
    ec2.delete_network_interface(NetworkInterfaceId=interface)
    assert _state(customer, "0.0.0.0/0") == "blackhole"
    assert _state(customer, "10.99.0.0/16") == "blackhole"
    assert _state(customer, "10.192.0.0/16") == "active"


def test_a_bucket_of_another_owner_than_expected_is_refused(
    customer: Customer, clients: Accounts
) -> None:
    s3 = customer.client("s3")
    clients.client("s3", OTHER, REGION).create_bucket(Bucket="theirs")
    for bucket, owner in ((customer.names.bucket, ACCOUNT), ("theirs", OTHER)):
        s3.get_bucket_location(Bucket=bucket, ExpectedBucketOwner=owner)
    for bucket, owner in ((customer.names.bucket, OTHER), ("theirs", ACCOUNT)):
        wish = {"Bucket": bucket, "ExpectedBucketOwner": owner}
        assert code(lambda wish=wish: s3.get_bucket_location(**wish)) == "AccessDenied"
        assert code(lambda wish=wish: s3.head_object(Key="k", **wish)) == "403"
    assert code(lambda: s3.head_bucket(Bucket="absent", ExpectedBucketOwner=ACCOUNT)) == "404"


def test_an_endpoint_waits_where_its_service_must_accept_it(
    customer: Customer, clients: Accounts
) -> None:
    theirs = clients.client("ec2", OTHER, REGION)
    vpc = theirs.create_vpc(CidrBlock="10.98.0.0/16")["Vpc"]["VpcId"]
    subnet = theirs.create_subnet(VpcId=vpc, CidrBlock="10.98.0.0/24")["Subnet"]["SubnetId"]
    balancer = clients.client("elbv2", OTHER, REGION).create_load_balancer(
        Name="theirs", Type="network", Scheme="internal", Subnets=[subnet]
    )["LoadBalancers"][0]["LoadBalancerArn"]

    def state(must_accept: bool) -> str:
        service = theirs.create_vpc_endpoint_service_configuration(
            NetworkLoadBalancerArns=[balancer], AcceptanceRequired=must_accept
        )["ServiceConfiguration"]["ServiceName"]
        made = customer.ec2.create_vpc_endpoint(
            VpcId=customer.vpc,
            ServiceName=service,
            VpcEndpointType="Interface",
            SubnetIds=customer.subnets,
        )["VpcEndpoint"]["VpcEndpointId"]
        found = customer.ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"]
        return str(found[0]["State"])

    assert state(must_accept=True) == "pendingAcceptance"
    assert state(must_accept=False) == "available"
