"""The behavior of each patch."""

import ipaddress
import json
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa import iam_policies
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer


def code(call: Any) -> str:
    with pytest.raises(ClientError) as problem:
        call()
    return str(problem.value.response["Error"]["Code"])


def test_a_tls_only_bucket_takes_objects_and_other_conditions_count(customer: Customer) -> None:
    s3, bucket = customer.client("s3"), customer.names.bucket
    s3.put_object(Bucket=bucket, Key="k", Body=b"v")
    document = iam_policies.bucket_policy(customer.names.bucket_arn)
    document["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{customer.names.bucket_arn}/*",
            "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
        }
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    s3.put_object(
        Bucket=bucket, Key="k", Body=b"v", ServerSideEncryption="aws:kms", SSEKMSKeyId=customer.key
    )
    assert code(lambda: s3.put_object(Bucket=bucket, Key="k", Body=b"v")) == "403"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"v"


def test_a_log_group_changes_its_key(customer: Customer) -> None:
    logs, name = customer.client("logs"), "airflow-etl-Task"
    logs.create_log_group(logGroupName=name)

    def key() -> Any:
        return logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0].get("kmsKeyId")

    logs.associate_kms_key(logGroupName=name, kmsKeyId=customer.key)
    assert key() == customer.key
    logs.disassociate_kms_key(logGroupName=name)
    assert key() is None
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.associate_kms_key(logGroupName="absent", kmsKeyId=customer.key)


def test_a_log_group_needs_a_key_that_lets_the_service_in(customer: Customer) -> None:
    logs = customer.client("logs")
    closed = customer.client("kms").create_key()["KeyMetadata"]["Arn"]
    for key in (closed, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/absent"):
        with pytest.raises(logs.exceptions.InvalidParameterException, match="not allowed to be"):
            logs.create_log_group(logGroupName="airflow-etl-Worker", kmsKeyId=key)


def test_endpoint_interfaces_are_in_their_subnets_with_their_groups(customer: Customer) -> None:
    endpoint = customer.ec2.describe_vpc_endpoints(VpcEndpointIds=[customer.endpoints["sqs"]])[
        "VpcEndpoints"
    ][0]
    interfaces = customer.ec2.describe_network_interfaces(
        NetworkInterfaceIds=endpoint["NetworkInterfaceIds"]
    )["NetworkInterfaces"]
    blocks = {
        subnet["SubnetId"]: ipaddress.ip_network(subnet["CidrBlock"])
        for subnet in customer.ec2.describe_subnets(SubnetIds=customer.subnets)["Subnets"]
    }
    assert {item["SubnetId"] for item in interfaces} == set(blocks)
    for item in interfaces:
        assert ipaddress.ip_address(item["PrivateIpAddress"]) in blocks[item["SubnetId"]]
        assert [group["GroupId"] for group in item["Groups"]] == [customer.endpoint_group]
        assert item["InterfaceType"] == "vpc_endpoint"


def test_addresses_are_not_given_twice(customer: Customer) -> None:
    addresses = [
        item["PrivateIpAddress"]
        for item in customer.ec2.describe_network_interfaces()["NetworkInterfaces"]
    ]
    assert len(addresses) == len(set(addresses)) == 8


def test_a_modified_endpoint_changes_its_interfaces(customer: Customer) -> None:
    ec2, endpoint = customer.ec2, customer.endpoints["logs"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint,
        AddSecurityGroupIds=[customer.group],
        RemoveSecurityGroupIds=[customer.endpoint_group],
        RemoveSubnetIds=[customer.subnets[1]],
    )
    found = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    interfaces = ec2.describe_network_interfaces(NetworkInterfaceIds=found["NetworkInterfaceIds"])[
        "NetworkInterfaces"
    ]
    assert [item["SubnetId"] for item in interfaces] == [customer.subnets[0]]
    assert [group["GroupId"] for group in interfaces[0]["Groups"]] == [customer.group]


def test_a_modified_gateway_endpoint_takes_its_routes_along(customer: Customer) -> None:
    ec2, endpoint = customer.ec2, customer.endpoints["s3"]
    added = ec2.create_route_table(VpcId=customer.vpc)["RouteTable"]["RouteTableId"]

    def routed() -> set[str]:
        tables = ec2.describe_route_tables()["RouteTables"]
        return {
            table["RouteTableId"]
            for table in tables
            for route in table["Routes"]
            if route.get("GatewayId") == endpoint
        }

    wish: dict[str, Any] = {"VpcEndpointId": endpoint, "AddRouteTableIds": [added]}
    ec2.modify_vpc_endpoint(**wish)
    ec2.modify_vpc_endpoint(**wish)
    assert routed() == {*customer.tables, added}
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=customer.tables)
    assert routed() == {added}
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert routed() == set()


def test_rules_keep_their_descriptions(customer: Customer) -> None:
    ec2 = customer.ec2
    prefixes = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    peers: list[dict[str, Any]] = [
        {"UserIdGroupPairs": [{"GroupId": customer.group, "Description": "from airflow"}]},
        {"PrefixListIds": [{"PrefixListId": prefixes, "Description": "to a prefix list"}]},
        {"IpRanges": [{"CidrIp": "10.192.0.0/16", "Description": "from the network"}]},
    ]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=customer.vpc)["GroupId"]
    ports = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080}
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[ports | peer for peer in peers]
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    described = {r.get("Description") for r in rules["SecurityGroupRules"] if not r["IsEgress"]}
    assert described == {"from airflow", "to a prefix list", "from the network"}


def test_the_days_between_rotations_are_kept(customer: Customer) -> None:
    kms, key = customer.client("kms"), customer.key
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)
    for wish, days in (({}, 365), ({"RotationPeriodInDays": 90}, 90)):
        kms.enable_key_rotation(KeyId=key, **wish)
        status = kms.get_key_rotation_status(KeyId=key)
        assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, days)
    too_many = partial(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=2561)
    assert code(too_many) == "ValidationException"


def test_what_is_in_use_is_not_deleted(emulator: Emulator, customer: Customer) -> None:
    ec2 = customer.ec2
    calls = (
        lambda: ec2.delete_subnet(SubnetId=customer.subnets[0]),
        lambda: ec2.delete_security_group(GroupId=customer.endpoint_group),
        lambda: ec2.delete_security_group(GroupId=customer.group),
    )
    assert [code(call) for call in calls] == ["DependencyViolation"] * 3
    ec2.delete_vpc_endpoints(VpcEndpointIds=list(customer.endpoints.values()))
    ec2.delete_security_group(GroupId=customer.endpoint_group)
    ec2.delete_security_group(GroupId=customer.group)
    ec2.delete_subnet(SubnetId=customer.subnets[0])


def test_an_environment_holds_its_subnets(emulator: Emulator, customer: Customer) -> None:
    customer.create()
    ec2 = customer.ec2
    ec2.delete_vpc_endpoints(VpcEndpointIds=list(customer.endpoints.values()))
    assert code(lambda: ec2.delete_subnet(SubnetId=customer.subnets[0])) == "DependencyViolation"
    forward(emulator, 2 * 3600)
    customer.mwaa.delete_environment(Name="etl")
    forward(emulator, 3600)
    ec2.delete_subnet(SubnetId=customer.subnets[0])


def test_a_nat_gateway_takes_its_interface_along(customer: Customer) -> None:
    ec2 = customer.ec2
    subnet = ec2.create_subnet(VpcId=customer.vpc, CidrBlock="10.192.8.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    assert code(lambda: ec2.delete_subnet(SubnetId=subnet)) == "DependencyViolation"
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    ec2.delete_subnet(SubnetId=subnet)


def test_private_dns_has_its_rules(customer: Customer) -> None:
    assert code(lambda: customer.endpoint("sqs")) == "InvalidParameter"
    second = customer.endpoint("sqs", PrivateDnsEnabled=False)
    turn_on = {"VpcEndpointId": second, "PrivateDnsEnabled": True}
    assert code(lambda: customer.ec2.modify_vpc_endpoint(**turn_on)) == "InvalidParameter"
    customer.ec2.delete_vpc_endpoints(VpcEndpointIds=[customer.endpoints["sqs"]])
    customer.ec2.modify_vpc_endpoint(**turn_on)
    found = customer.ec2.describe_vpc_endpoints(VpcEndpointIds=[second])["VpcEndpoints"][0]
    assert found["PrivateDnsEnabled"] is True
    customer.ec2.modify_vpc_attribute(VpcId=customer.vpc, EnableDnsHostnames={"Value": False})
    assert code(lambda: customer.endpoint("sts")) == "InvalidParameter"


def test_an_unknown_endpoint_service_is_refused(customer: Customer) -> None:
    for name in (f"com.amazonaws.{REGION}.nonsense", "com.amazonaws.eu-west-1.sqs"):
        call = lambda name=name: customer.endpoint("sts", ServiceName=name)  # noqa: E731
        assert code(call) == "InvalidServiceName"


def test_a_deleted_endpoint_is_gone(customer: Customer) -> None:
    endpoint = customer.endpoints["kms"]
    customer.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    found = [
        item["VpcEndpointId"] for item in customer.ec2.describe_vpc_endpoints()["VpcEndpoints"]
    ]
    assert endpoint not in found


@pytest.mark.parametrize(
    "policy",
    ["{}", "nonsense", '{"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}'],
)
def test_a_malformed_key_policy_is_refused(customer: Customer, policy: str) -> None:
    kms = customer.client("kms")
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException):
        kms.put_key_policy(KeyId=customer.key, PolicyName="default", Policy=policy)


def test_nobody_locks_himself_out_of_a_key_by_mistake(customer: Customer) -> None:
    kms = customer.client("kms")
    logs_only = iam_policies.key_policy(customer.names)
    logs_only["Statement"] = logs_only["Statement"][1:]
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException, match="in the future"):
        kms.create_key(Policy=json.dumps(logs_only))
    kms.create_key(Policy=json.dumps(logs_only), BypassPolicyLockoutSafetyCheck=True)


def test_keys_are_found_by_arn(customer: Customer) -> None:
    kms = customer.client("kms")
    kms.disable_key(KeyId=customer.key)
    assert kms.describe_key(KeyId=customer.key)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.enable_key(KeyId=customer.key)
    kms.schedule_key_deletion(KeyId=customer.key, PendingWindowInDays=7)
    assert kms.describe_key(KeyId=customer.key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_an_object_needs_a_key_that_works(customer: Customer) -> None:
    s3, bucket = customer.client("s3"), customer.names.bucket
    rule = {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": customer.key,
        }
    }
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})

    def put(**more: Any) -> Any:
        return s3.put_object(Bucket=bucket, Key="k", Body=b"v", **more)

    assert put()["ServerSideEncryption"] == "aws:kms"
    absent = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "absent"}
    assert code(lambda: put(**absent)) == "KMS.NotFoundException"
    customer.client("kms").disable_key(KeyId=customer.key)
    assert code(put) == "KMS.DisabledException"
    customer.client("kms").schedule_key_deletion(KeyId=customer.key)
    assert code(put) == "KMS.KMSInvalidStateException"


def test_aws_policies_can_be_attached_in_every_account(clients: Accounts) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    for account in (ACCOUNT, "210987654321"):
        iam = clients.client("iam", account, REGION)
        iam.create_role(RoleName="r", AssumeRolePolicyDocument='{"Statement": []}')
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
        assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1


def _decisions(answer: Any) -> list[str]:
    return [result["EvalDecision"] for result in answer["EvaluationResults"]]


def test_the_simulator_evaluates_a_role(customer: Customer) -> None:
    iam = customer.client("iam")
    ask = {
        "PolicySourceArn": customer.role,
        "ActionNames": ["s3:GetObject", "s3:PutObject"],
        "ResourceArns": [f"{customer.names.bucket_arn}/dags/x.py"],
    }
    assert _decisions(iam.simulate_principal_policy(**ask)) == ["allowed", "implicitDeny"]
    anywhere = iam.simulate_principal_policy(
        PolicySourceArn=customer.role, ActionNames=["s3:ListAllMyBuckets"]
    )
    assert _decisions(anywhere) == ["explicitDeny"]
    assert "ResourceSpecificResults" not in anywhere["EvaluationResults"][0]
    via = [
        {
            "ContextKeyName": "kms:ViaService",
            "ContextKeyValues": [f"sqs.{REGION}.amazonaws.com"],
            "ContextKeyType": "string",
        }
    ]
    key = {
        "PolicySourceArn": customer.role,
        "ActionNames": ["kms:Decrypt"],
        "ResourceArns": [customer.key],
    }
    assert _decisions(iam.simulate_principal_policy(**key)) == ["implicitDeny"]
    assert _decisions(iam.simulate_principal_policy(**key, ContextEntries=via)) == ["allowed"]
    arn = iam.create_policy(
        PolicyName="narrow",
        PolicyDocument=json.dumps(iam_policies.document(iam_policies.allow("S", ["sqs:*"], "*"))),
    )["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=customer.names.role, PermissionsBoundary=arn)
    bounded = iam.simulate_principal_policy(**ask)["EvaluationResults"][0]
    assert bounded["EvalDecision"] == "implicitDeny"
    assert bounded["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"] is False


def test_the_keys_of_a_users_policies_are_those_of_the_simulators_conditions(
    clients: Accounts,
) -> None:
    iam = clients.client("iam", ACCOUNT, REGION)
    iam.create_user(UserName="ann")
    iam.create_group(GroupName="all")
    iam.add_user_to_group(GroupName="all", UserName="ann")
    without = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    signed_in = iam_policies.document(
        {**iam_policies.allow("All", ["*"], "*")},
        {**iam_policies.allow("Mfa", ["*"], "*"), "Effect": "Deny", "Condition": without},
    )
    iam.put_group_policy(GroupName="all", PolicyName="mfa", PolicyDocument=json.dumps(signed_in))
    user = f"arn:aws:iam::{ACCOUNT}:user/ann"
    denied = iam.simulate_principal_policy(PolicySourceArn=user, ActionNames=["s3:GetObject"])
    assert _decisions(denied) == ["explicitDeny"]
    assert denied["EvaluationResults"][0]["MissingContextValues"] == []
    found = iam.get_context_keys_for_principal_policy(PolicySourceArn=user)
    assert found["ContextKeyNames"] == ["aws:MultiFactorAuthPresent"]


def test_the_simulator_evaluates_given_policies(clients: Accounts) -> None:
    iam = clients.client("iam", ACCOUNT, REGION)
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:Delete*", "NotResource": "arn:aws:s3:::scratch/*"},
        ],
    }
    answer = iam.simulate_custom_policy(
        PolicyInputList=[json.dumps(document)],
        ActionNames=["iam:GetRole", "s3:DeleteObject"],
        ResourceArns=["arn:aws:s3:::scratch/x", "arn:aws:s3:::keep/x"],
    )
    assert _decisions(answer) == ["implicitDeny", "explicitDeny"]
    first, second = answer["EvaluationResults"]
    assert first["EvalResourceName"] == "arn:aws:iam::${Account}:${ResourceType}/${ResourceName}"
    assert [one["EvalResourceDecision"] for one in second["ResourceSpecificResults"]] == [
        "allowed",
        "explicitDeny",
    ]
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.simulate_principal_policy(
            PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/absent", ActionNames=["s3:GetObject"]
        )
