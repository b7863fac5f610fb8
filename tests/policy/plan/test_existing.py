"""What a component looked up is judged as what a plan makes, and nothing beyond it is claimed."""

from typing import Any

from mwaa.model.platform import UNKNOWN, Platform, known
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import judge
from policy.rules.rule import Verdict
from tests.fixtures.records import KEY_ARN, ROLE_ARN
from tests.policy.plan.plans import ENV, resource

ACCOUNT = "123456789012"
VPC: dict[str, Any] = {
    "type": "aws:ec2/vpc:Vpc",
    "account": ACCOUNT,
    "id": "vpc-1",
    "cidrBlock": "10.9.0.0/16",
    "enableDnsSupport": True,
    "enableDnsHostnames": True,
    "dhcpOptionsId": "dopt-1",
    "ownerId": ACCOUNT,
}


def subnet(name: str, zone: str) -> dict[str, Any]:
    return {
        "type": "aws:ec2/subnet:Subnet",
        "account": ACCOUNT,
        "id": name,
        "vpcId": "vpc-1",
        "cidrBlock": "10.9.1.0/24",
        "availabilityZone": f"us-east-1{zone}",
        "availabilityZoneId": f"use1-az{zone}",
        "mapPublicIpOnLaunch": False,
        "assignIpv6AddressOnCreation": False,
    }


def network(vpc: dict[str, Any] = VPC, zones: str = "ab") -> Resource:
    found = [vpc, *(subnet(f"subnet-{i}", zone) for i, zone in enumerate(zones, 1))]
    return resource("mwaa:components:Network", "net", existing=found)


def environment(**props: Any) -> Resource:
    inside = {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]}
    given = {"name": "prod", "region": "us-east-1", "networkConfiguration": inside}
    return resource(ENV, "env", **(given | props))


def platform(*resources: Resource) -> Platform:
    (reading,) = read(resources)
    return reading.platform


def broken(*resources: Resource) -> dict[str, str]:
    """The rules that the plan breaks, with what was found."""
    return {
        judgment.rule.id: "; ".join(f.found for f in judgment.findings)
        for judgment in judge(platform(*resources))
        if judgment.verdict is Verdict.FAIL
    }


def test_the_vpc_and_its_subnets_are_known_and_nothing_else_of_it() -> None:
    found = platform(network(), environment())
    assert known(found.vpcs) and [vpc.id for vpc in found.vpcs] == ["vpc-1"]
    assert known(found.subnets) and {one.zone for one in found.subnets} == {
        "us-east-1a",
        "us-east-1b",
    }
    assert found.account.id == ACCOUNT
    for rest in (found.route_tables, found.network_acls, found.flow_logs, found.dhcp_options):
        assert rest is UNKNOWN
    assert found.partial == {"endpoints", "security_groups"}


def test_a_compliant_network_breaks_no_rule_of_the_vpc() -> None:
    wrong = broken(network(), environment(webserverAccessMode="PRIVATE_ONLY"))
    assert not [rule for rule in wrong if rule.startswith("mwaa-network-")]


def test_one_zone_no_host_names_and_a_stranger_as_owner_are_refused() -> None:
    assert "mwaa-network-distinct-zones" in broken(network(zones="aa"), environment())
    off = {**VPC, "enableDnsHostnames": False}
    assert "mwaa-network-vpc-dns-enabled" in broken(network(off), environment())
    theirs = {**VPC, "ownerId": "999999999999"}
    found = broken(network(theirs), environment(endpointManagement="SERVICE"))
    assert "999999999999" in found["mwaa-network-shared-vpc-customer-endpoints"]


def test_a_finding_leads_to_the_component_that_looked_it_up() -> None:
    (reading,) = read([network(), environment()])
    assert reading.urns["vpc-1"].endswith("::net") and "#" not in reading.urns["vpc-1"]


def key(arn: str = KEY_ARN, **facts: Any) -> Resource:
    one = {"type": "aws:kms/key:Key", "account": ACCOUNT, "arn": arn, **facts}
    return resource("mwaa:components:EnvironmentKey", "key", existing=[one])


def test_a_key_that_is_switched_off_is_refused_and_its_policy_stays_unknown() -> None:
    found_key = key(
        id="1",
        keyState="Disabled",
        keyUsage="ENCRYPT_DECRYPT",
        multiRegion=False,
        customerMasterKeySpec="SYMMETRIC_DEFAULT",
        keyManager="CUSTOMER",
    )
    plan = (found_key, environment(kmsKey=KEY_ARN))
    assert "Disabled" in broken(*plan)["mwaa-encryption-key-usable"]
    found = platform(*plan).key
    assert known(found) and found and found.policy is UNKNOWN and found.rotation is UNKNOWN


def test_a_key_of_another_account_is_named_as_such_and_nothing_of_its_policy() -> None:
    arn = KEY_ARN.replace(ACCOUNT, "999999999999")
    wrong = broken(key(arn), environment(kmsKey=arn))
    assert "account 999999999999" in wrong["mwaa-encryption-key-in-account"]
    assert not {rule for rule in wrong if rule.startswith("mwaa-encryption-policy")}


def role(arn: str = ROLE_ARN, **facts: Any) -> Resource:
    one = {"type": "aws:iam/role:Role", "account": ACCOUNT, "arn": arn, **facts}
    return resource("mwaa:components:ExecutionRole", "role", existing=[one])


def test_a_role_that_mwaa_may_not_assume_is_refused_and_its_policies_stay_unknown() -> None:
    trust = '{"Version": "2012-10-17", "Statement": []}'
    plan = (role(name="theirs", assumeRolePolicy=trust), environment(executionRoleArn=ROLE_ARN))
    assert "mwaa-identity-trust-both-principals" in broken(*plan)
    found = platform(*plan).role
    assert known(found) and found and found.policies is UNKNOWN and found.boundary is UNKNOWN


def test_a_role_of_another_account_is_named_as_such() -> None:
    arn = ROLE_ARN.replace(ACCOUNT, "999999999999")
    wrong = broken(role(arn), environment(executionRoleArn=arn))
    assert "account 999999999999" in wrong["mwaa-identity-same-account"]
    assert not {rule for rule in wrong if rule.startswith("mwaa-identity-may-")}


def test_a_bucket_in_another_region_is_refused_and_the_rest_of_it_stays_unknown() -> None:
    one = {"type": "aws:s3/bucket:Bucket", "account": ACCOUNT, "id": "theirs", "bucket": "theirs"}
    holder = resource(
        "mwaa:components:SourceBucket", "source", existing=[{**one, "region": "eu-west-1"}]
    )
    plan = (holder, environment(sourceBucketArn="arn:aws:s3:::theirs"))
    assert "eu-west-1" in broken(*plan)["mwaa-storage-same-region"]
    found = platform(*plan).bucket
    assert known(found) and found and found.versioning is UNKNOWN and found.policy is UNKNOWN
