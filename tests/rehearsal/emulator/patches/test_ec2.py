"""EC2 as AWS answers: default groups, endpoints' names and policies, flow logs, services."""

from __future__ import annotations

import json
from functools import partial
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
    with pytest.raises(ClientError, match=f"the service {service} does not provide a private DNS"):
        customer.endpoint("sts", ServiceName=service)
    with pytest.raises(ClientError, match="does not provide a private DNS"):
        customer.endpoint("iot.data")
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


def test_the_default_group_stays_and_its_name_is_reserved(customer: Customer) -> None:
    ec2 = customer.ec2
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    (group,) = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    assert code(lambda: ec2.delete_security_group(GroupId=group["GroupId"])) == "CannotDelete"
    twin = {"GroupName": "default", "Description": "d", "VpcId": vpc}
    assert code(lambda: ec2.create_security_group(**twin)) == "InvalidParameterValue"
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_security_groups(Filters=wanted)["SecurityGroups"] == []


def test_an_endpoint_is_of_a_type_that_its_service_has(customer: Customer) -> None:
    made = {"VpcId": customer.vpc}
    for service, kind, has in (("sqs", "Gateway", "Interface"), ("nothing", "Gateway", "")):
        name = f"com.amazonaws.{REGION}.{service}"
        with pytest.raises(ClientError) as refused:
            customer.ec2.create_vpc_endpoint(**made, ServiceName=name, VpcEndpointType=kind)
        found = refused.value.response["Error"]
        assert found["Code"] == ("InvalidParameter" if has else "InvalidServiceName")
        assert not has or f"Endpoint type ({kind}) does not match" in found["Message"]
        assert not has or f"([{has}])" in found["Message"]


def test_a_table_has_one_route_to_a_service(customer: Customer) -> None:
    name, ec2 = f"com.amazonaws.{REGION}.s3", customer.ec2
    made = {"VpcId": customer.vpc, "ServiceName": name}
    again = partial(ec2.create_vpc_endpoint, **made, RouteTableIds=customer.tables[:1])
    assert code(again) == "RouteAlreadyExists"
    second = ec2.create_vpc_endpoint(**made)["VpcEndpoint"]["VpcEndpointId"]
    change = {"VpcEndpointId": second, "AddRouteTableIds": customer.tables[:1]}
    assert code(lambda: ec2.modify_vpc_endpoint(**change)) == "RouteAlreadyExists"
    # Its own table once more changes nothing.
    own = {"VpcEndpointId": customer.endpoints["s3"], "AddRouteTableIds": customer.tables[:1]}
    ec2.modify_vpc_endpoint(**own)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[customer.endpoints["s3"]])
    ec2.modify_vpc_endpoint(**change)


def test_a_policy_is_json_with_statements(customer: Customer) -> None:
    change = {"VpcEndpointId": customer.endpoints["s3"]}
    for text in ("{", "[]", "{}"):
        modify = partial(customer.ec2.modify_vpc_endpoint, **change, PolicyDocument=text)
        assert code(modify) == "InvalidPolicyDocument"
        remake = partial(customer.endpoint, "sts", PolicyDocument=text)
        assert code(remake) == "InvalidPolicyDocument"


def test_a_flow_log_by_the_name_of_its_group_is_the_twin_of_that_by_its_arn(
    customer: Customer,
) -> None:
    customer.client("logs").create_log_group(logGroupName="flows")
    wish = {
        "ResourceIds": [customer.vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "DeliverLogsPermissionArn": customer.role,
    }
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:flows"
    made = customer.ec2.create_flow_logs(**wish, LogDestination=arn)["FlowLogIds"]
    (log,) = customer.ec2.describe_flow_logs(FlowLogIds=made)["FlowLogs"]
    assert (log["LogGroupName"], log["LogDestination"]) == ("flows", arn)
    assert log["DeliverLogsStatus"] == "SUCCESS"
    by_name = partial(customer.ec2.create_flow_logs, **wish, LogGroupName="flows")
    assert code(by_name) == "FlowLogAlreadyExists"


def test_a_flow_log_may_go_to_a_folder_of_a_bucket(customer: Customer) -> None:
    wish = {"ResourceIds": [customer.vpc], "ResourceType": "VPC", "TrafficType": "ALL"}
    wish |= {"LogDestinationType": "s3", "LogDestination": f"{customer.names.bucket_arn}/flows/"}
    made = customer.ec2.create_flow_logs(**wish)
    assert made["Unsuccessful"] == []
    (log,) = customer.ec2.describe_flow_logs(FlowLogIds=made["FlowLogIds"])["FlowLogs"]
    assert log["LogDestination"].endswith("/flows/")
    assert code(partial(customer.ec2.create_flow_logs, **wish)) == "FlowLogAlreadyExists"
