"""What the service looks up before it accepts a request: each test breaks one thing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa import iam_policies
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.mwaa.references import FLAGS
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward, refusal
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, Customer

COUNTS = [
    ({"EnvironmentClass": "mw2.small"}, "Valid values: mw1.micro"),
    ({"EnvironmentClass": "mw1.micro", "Schedulers": 2}, "Schedulers is 2; environment class"),
    ({"EnvironmentClass": "mw1.micro", "MaxWorkers": 2}, "takes exactly 1"),
    ({"Schedulers": 1}, "takes 2 to 5"),
    ({"MaxWebservers": 6}, "MaxWebservers is 6"),
    ({"MinWorkers": 5, "MaxWorkers": 2}, "MinWorkers (5) must not be greater than MaxWorkers (2)"),
    ({"AirflowVersion": "2.2.2"}, "Airflow version 2.2.2 is not supported. Supported versions: "),
    ({"AirflowVersion": "9.9.9"}, "Airflow version 9.9.9 is not supported"),
    ({"WebserverAccessMode": "PUBLIC_AND_PRIVATE"}, "needs Airflow 3.2 or later"),
    ({"RequirementsS3Path": "r.txt"}, "RequirementsS3ObjectVersion is required"),
    ({"PluginsS3ObjectVersion": "v"}, "PluginsS3Path is required"),
    ({"DagS3Path": "s3://b/dags"}, "relative to the bucket"),
    ({"Teams": {"abc": {"SourceBucketArn": "arn:aws:s3:::b", "DagS3Path": "d"}}},
     "IdentityCenterConfiguration"),
    ({"ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/absent"}, "Failed to assume role"),
    ({"SourceBucketArn": "arn:aws:s3:::absent-bucket"}, "cannot be read"),
    ({"KmsKey": "alias/mine"}, "aliases are not supported"),
    ({"KmsKey": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"},
     "it must be in us-east-1"),
    ({"KmsKey": "11111111-2222-3333-4444-555555555555"}, "NotFoundException"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), COUNTS)
def test_a_configuration_that_contradicts_itself_is_refused(
    customer: Customer, changes: dict[str, Any], said: str
) -> None:
    assert said in refusal(lambda: customer.create(**changes))


def _flag(customer: Customer) -> None:
    customer.block_public_access(BlockPublicPolicy=False)


def _no_versioning(customer: Customer) -> None:
    customer.client("s3").put_bucket_versioning(
        Bucket=customer.names.bucket, VersioningConfiguration={"Status": "Suspended"}
    )


def _trust(customer: Customer, **statement: Any) -> None:
    base = iam_policies.execution_trust(customer.names)["Statement"][0]
    customer.client("iam").update_assume_role_policy(
        RoleName=customer.names.role,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [base | statement]}),
    )


def _one_principal(customer: Customer) -> None:
    _trust(customer, Principal={"Service": ["airflow-env.amazonaws.com"]})


def _foreign_source(customer: Customer) -> None:
    _trust(customer, Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})


def _one_zone(customer: Customer) -> None:
    subnet = customer.ec2.create_subnet(
        VpcId=customer.vpc, CidrBlock="10.192.9.0/24", AvailabilityZone="us-east-1a"
    )["Subnet"]["SubnetId"]
    network = customer.wish["NetworkConfiguration"]
    network["SubnetIds"] = [customer.subnets[0], subnet]


def _two_vpcs(customer: Customer) -> None:
    vpc = customer.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = customer.ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.1.0.0/24", AvailabilityZone="us-east-1b"
    )["Subnet"]["SubnetId"]
    customer.wish["NetworkConfiguration"]["SubnetIds"] = [customer.subnets[0], subnet]


def _missing_subnet(customer: Customer) -> None:
    customer.wish["NetworkConfiguration"]["SubnetIds"] = [customer.subnets[0], "subnet-0123456789"]


def _foreign_group(customer: Customer) -> None:
    vpc = customer.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    group = customer.ec2.create_security_group(GroupName="x", Description="x", VpcId=vpc)
    customer.wish["NetworkConfiguration"]["SecurityGroupIds"] = [group["GroupId"]]


def _public(customer: Customer) -> None:
    ec2 = customer.ec2
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=customer.vpc)
    ec2.create_route(
        RouteTableId=customer.tables[0], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway
    )


def _public_by_main_table(customer: Customer) -> None:
    ec2 = customer.ec2
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [customer.vpc]}])
    for table in tables["RouteTables"]:
        for link in table["Associations"]:
            if link.get("SubnetId") == customer.subnets[1]:
                ec2.disassociate_route_table(AssociationId=link["RouteTableAssociationId"])
            if link.get("Main"):
                customer.tables[0] = table["RouteTableId"]
    _public(customer)


def _disabled_key(customer: Customer) -> None:
    customer.client("kms").disable_key(KeyId=customer.key)


def _signing_key(customer: Customer) -> None:
    key = customer.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")
    customer.wish["KmsKey"] = key["KeyMetadata"]["Arn"]


def _many_regions(customer: Customer) -> None:
    key = customer.client("kms").create_key(MultiRegion=True)
    customer.wish["KmsKey"] = key["KeyMetadata"]["Arn"]


def _logs_kept_out(customer: Customer) -> None:
    policy = iam_policies.key_policy(customer.names)
    root = policy["Statement"][0]
    customer.client("kms").put_key_policy(
        KeyId=customer.key,
        PolicyName="default",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [root]}),
    )


def _missing_version(customer: Customer) -> None:
    customer.wish |= {"RequirementsS3Path": "r.txt", "RequirementsS3ObjectVersion": "nope"}


def test_the_account_may_block_public_access_for_the_bucket(customer: Customer) -> None:
    _flag(customer)
    flags = dict.fromkeys(FLAGS, True)
    customer.client("s3control").put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=flags
    )
    assert customer.create()


BREAKS: list[tuple[Callable[[Customer], None], str]] = [
    (_flag, "Invalid request provided: Provided bucket does not have BlockPublicAccess set for "),
    (_no_versioning, "Versioning is not enabled"),
    (_missing_version, "does not exist in s3 bucket"),
    (_one_principal, "assumable by 'airflow.amazonaws.com' Service Principal"),
    (_foreign_source, "assumable by 'airflow.amazonaws.com' Service Principal"),
    (_one_zone, "different Availability Zones"),
    (_two_vpcs, "must belong to the same VPC"),
    (_missing_subnet, "does not exist"),
    (_foreign_group, "they must belong to the same VPC"),
    (_public, "must be private"),
    (_public_by_main_table, "must be private"),
    (_disabled_key, "its KeyState is Disabled"),
    (_signing_key, "its KeyUsage is SIGN_VERIFY"),
    (_many_regions, "key/mrk-"),
    (_logs_kept_out, "The specified KMS key does not exist or is not allowed to be used with Arn"),
]


@pytest.mark.parametrize(
    ("break_it", "said"), BREAKS, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_the_request_refers_to_is_looked_up(
    customer: Customer, break_it: Callable[[Customer], None], said: str
) -> None:
    break_it(customer)
    assert said in refusal(customer.create)
    assert customer.mwaa.list_environments()["Environments"] == []


def test_a_bucket_elsewhere_is_refused(customer: Customer, clients: Accounts) -> None:
    far = clients.client("s3", ACCOUNT, "eu-west-1")
    far.create_bucket(
        Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    message = refusal(lambda: customer.create(SourceBucketArn="arn:aws:s3:::far-away"))
    assert "is in eu-west-1; it must be in us-east-1" in message


def test_pinned_artifacts_that_exist_are_accepted(customer: Customer) -> None:
    version = customer.client("s3").put_object(
        Bucket=customer.names.bucket, Key="r.txt", Body=b"boto3\n"
    )["VersionId"]
    customer.create(RequirementsS3Path="r.txt", RequirementsS3ObjectVersion=version)
    assert customer.get()["RequirementsS3ObjectVersion"] == version


def test_a_name_is_taken_once(customer: Customer) -> None:
    customer.create()
    assert "already exists" in refusal(customer.create)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"EnvironmentClass": "mw1.micro"}, "cannot change to or from mw1.micro"),
        ({"AirflowVersion": "3.0.6"}, "Airflow version 2.10.3 does not support updates to version"),
        ({"Schedulers": 1}, "takes 2 to 5"),
        ({"MaxWebservers": 9}, "MaxWebservers is 9"),
    ],
)
def test_updates_the_service_does_not_make_are_refused(
    emulator: Emulator, customer: Customer, changes: dict[str, Any], said: str
) -> None:
    customer.create()
    message = refusal(lambda: customer.mwaa.update_environment(Name="etl", MaxWorkers=3))
    assert message == "Environments with CREATING status cannot be updated."
    forward(emulator, 25 * 60)
    assert said in refusal(lambda: customer.mwaa.update_environment(Name="etl", **changes))
    assert customer.status == "AVAILABLE"


def test_an_environment_at_work_is_not_deleted(customer: Customer) -> None:
    customer.create()
    message = refusal(lambda: customer.mwaa.delete_environment(Name="etl"))
    assert message == "Environments with CREATING status cannot be deleted."


def test_a_bucket_of_the_old_location_eu_is_in_ireland(customer: Customer) -> None:
    s3 = customer.client("s3")
    s3.create_bucket(Bucket="of-2010", CreateBucketConfiguration={"LocationConstraint": "EU"})
    assert s3.get_bucket_location(Bucket="of-2010")["LocationConstraint"] == "EU"
    with pytest.raises(ClientError, match="is in eu-west-1; it must be in us-east-1"):
        customer.create(SourceBucketArn="arn:aws:s3:::of-2010")
