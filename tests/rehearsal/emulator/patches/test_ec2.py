"""EC2 as AWS answers: default groups, endpoints' names and policies, flow logs, services."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.accounts import Accounts
from tests.rehearsal.emulator.patches.test_patches import code
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

POLICY = json.dumps({"Statement": []})
NEPTUNE = f"com.amazonaws.{REGION}.neptune-graph"


def _described(customer: Customer, endpoint: str) -> dict[str, Any]:
    found = customer.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    return dict(found[0])


def test_the_default_group_admits_its_own_members(customer: Customer) -> None:
    wanted = [
        {"Name": "vpc-id", "Values": [customer.vpc]},
        {"Name": "group-name", "Values": ["default"]},
    ]
    (group,) = customer.ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    (rule,) = group["IpPermissions"]
    assert rule["IpProtocol"] == "-1"
    assert [pair["GroupId"] for pair in rule["UserIdGroupPairs"]] == [group["GroupId"]]
    assert [pair["UserId"] for pair in rule["UserIdGroupPairs"]] == [ACCOUNT]
    assert rule["IpRanges"] == []


def test_an_endpoint_has_a_regional_name_a_zonal_one_in_each_zone_and_a_private_one(
    customer: Customer,
) -> None:
    found = _described(customer, customer.endpoints["sqs"])
    identity, entries = found["VpcEndpointId"], found["DnsEntries"]
    regional, *zonal, private = [one["DnsName"] for one in entries]
    stem, _, base = regional.partition(".")
    assert stem.startswith(f"{identity}-") and base == f"sqs.{REGION}.vpce.amazonaws.com"
    assert zonal == [f"{stem}-{REGION}{zone}.{base}" for zone in "ab"]
    assert private == f"sqs.{REGION}.amazonaws.com"
    *public, own = [one["HostedZoneId"] for one in entries]
    assert set(public) == {"Z7HUB22UULQXV"} and own not in public
    customer.ec2.modify_vpc_endpoint(VpcEndpointId=identity, PrivateDnsEnabled=False)
    assert len(_described(customer, identity)["DnsEntries"]) == 3
    assert _described(customer, customer.endpoints["s3"])["DnsEntries"] == []


def test_a_policy_is_refused_where_the_service_takes_none(customer: Customer) -> None:
    with pytest.raises(ClientError, match=f"{NEPTUNE} only supports the full-access endpoint"):
        customer.endpoint("sts", ServiceName=NEPTUNE, PolicyDocument=POLICY)
    made = customer.endpoint("sts", ServiceName=NEPTUNE)
    change = {"VpcEndpointId": made, "PolicyDocument": POLICY}
    assert code(lambda: customer.ec2.modify_vpc_endpoint(**change)) == "InvalidParameter"


def test_a_policy_is_refused_for_the_services_of_customers(
    customer: Customer, clients: Accounts
) -> None:
    theirs = clients.client("ec2", "999999999999", REGION)
    vpc = theirs.create_vpc(CidrBlock="10.98.0.0/16")["Vpc"]["VpcId"]
    subnet = theirs.create_subnet(VpcId=vpc, CidrBlock="10.98.0.0/24")["Subnet"]["SubnetId"]
    balancer = clients.client("elbv2", "999999999999", REGION).create_load_balancer(
        Name="theirs", Type="network", Scheme="internal", Subnets=[subnet]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    service = theirs.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer], AcceptanceRequired=False
    )["ServiceConfiguration"]["ServiceName"]
    wish = {"ServiceName": service, "PrivateDnsEnabled": False}
    with pytest.raises(ClientError, match="only supports the full-access endpoint policy"):
        customer.endpoint("sts", PolicyDocument=POLICY, **wish)
    names = [
        e["DnsName"] for e in _described(customer, customer.endpoint("sts", **wish))["DnsEntries"]
    ]
    token = service.rpartition(".")[2]
    assert len(names) == 3
    assert all(name.endswith(f".{token}.{REGION}.vpce.amazonaws.com") for name in names)


def test_a_policy_can_be_reset(customer: Customer) -> None:
    endpoint = customer.endpoints["sqs"]
    customer.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PolicyDocument=POLICY)
    assert json.loads(_described(customer, endpoint)["PolicyDocument"]) == {"Statement": []}
    customer.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)
    (statement,) = json.loads(_described(customer, endpoint)["PolicyDocument"])["Statement"]
    assert statement == {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def test_a_service_says_what_it_supports(customer: Customer) -> None:
    names = [NEPTUNE, f"com.amazonaws.{REGION}.ecr.api", f"com.amazonaws.{REGION}.sqs"]
    found = {
        one["ServiceName"].rpartition(f"{REGION}.")[2]: one
        for one in customer.ec2.describe_vpc_endpoint_services(ServiceNames=names)["ServiceDetails"]
    }
    taken = {name: one["VpcEndpointPolicySupported"] for name, one in found.items()}
    assert taken == {"neptune-graph": False, "ecr.api": True, "sqs": True}
    assert found["ecr.api"]["PrivateDnsName"] == f"api.ecr.{REGION}.amazonaws.com"
    assert found["sqs"]["ServiceRegion"] == REGION
    assert len(found["sqs"]["AvailabilityZoneIds"]) == len(found["sqs"]["AvailabilityZones"])


def test_a_flow_log_is_refused_only_where_the_same_exists(customer: Customer) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:flows"
    customer.client("logs").create_log_group(logGroupName="flows")

    def create(**changes: Any) -> str:
        wish = {
            "ResourceIds": [customer.vpc],
            "ResourceType": "VPC",
            "TrafficType": "REJECT",
            "LogDestinationType": "cloud-watch-logs",
            "LogDestination": group,
            "DeliverLogsPermissionArn": customer.role,
            **changes,
        }
        return str(customer.ec2.create_flow_logs(**wish)["FlowLogIds"][0])

    first = create()
    assert code(create) == "FlowLogAlreadyExists"
    made = [
        first,
        create(TrafficType="ALL"),
        create(MaxAggregationInterval=60),
        create(LogFormat="${srcaddr}"),
        create(ResourceIds=customer.subnets[:1], ResourceType="Subnet"),
    ]
    found = customer.ec2.describe_flow_logs(FlowLogIds=made)["FlowLogs"]
    assert len(found) == len(made)
    customer.ec2.delete_flow_logs(FlowLogIds=[first])
    create()
