"""Private endpoints: where they stand, who may use them, what may pass."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.endpoints import PrivateEndpoints, PrivateEndpointsArgs
from mwaa.names import Names
from mwaa.service import endpoints
from tests.components.conftest import Refusal

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
RULE_OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def private_endpoints(names: Names, **args: Any) -> PrivateEndpoints:
    given = {
        "services": endpoints.REQUIRED,
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-1", "subnet-2"],
        "environment_group_id": "sg-environment",
        "route_table_ids": ["rtb-1", "rtb-2"],
        "key_arn": "arn:key",
    }
    return PrivateEndpoints("ends", PrivateEndpointsArgs(names=names, **{**given, **args}))


def test_s3_is_reached_by_routes_and_all_others_by_addresses(build: Any, names: Names) -> None:
    made = build(lambda: private_endpoints(names))
    assert made.names(ENDPOINT) == {f"ends-{service}" for service in endpoints.REQUIRED}
    for endpoint in made.of(ENDPOINT):
        service = endpoint.name.removeprefix("ends-")
        assert endpoint.inputs["serviceName"] == f"com.amazonaws.eu-west-1.{service}"
        if service == "s3":
            assert endpoint.inputs["vpcEndpointType"] == "Gateway"
            assert endpoint.inputs["routeTableIds"] == ["rtb-1", "rtb-2"]
            assert "subnetIds" not in endpoint.inputs
        else:
            assert endpoint.inputs["vpcEndpointType"] == "Interface"
            assert endpoint.inputs["subnetIds"] == ["subnet-1", "subnet-2"]
            assert endpoint.inputs["privateDnsEnabled"] is True
            assert endpoint.inputs["securityGroupIds"] == ["id-of-ends-endpoints"]
    component = made.one("mwaa:components:PrivateEndpoints")
    assert {e.parent for e in made.of(ENDPOINT)} == {component.urn}


def test_only_the_environment_may_use_them_unless_a_block_is_named(
    build: Any, names: Names
) -> None:
    made = build(lambda: private_endpoints(names))
    rule = made.one(RULE).inputs
    assert rule["referencedSecurityGroupId"] == "sg-environment"
    assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 443, 443)


def test_a_named_block_may_use_them_too(build: Any, names: Names) -> None:
    made = build(lambda: private_endpoints(names, client_cidr="10.9.0.0/16"))
    assert {r.inputs.get("cidrIpv4") for r in made.of(RULE)} == {None, "10.9.0.0/16"}


@pytest.mark.parametrize("service", endpoints.FULL)
def test_each_policy_is_the_narrowed_one(build: Any, names: Names, service: str) -> None:
    made = build(lambda: private_endpoints(names, services=(service,), other_buckets=("lake",)))
    assert made.one(ENDPOINT).document("policy") == endpoints.policy(
        service, names, key_arn="arn:key", other_buckets=("lake",)
    )


def test_other_environments_of_the_vpc_reach_every_policy(build: Any, names: Names) -> None:
    other = endpoints.Neighbor(Names("reports", names.region, names.account), "arn:theirs")
    made = build(lambda: private_endpoints(names, services=endpoints.FULL, neighbors=[other]))
    for endpoint in made.of(ENDPOINT):
        service = endpoint.name.removeprefix("ends-")
        assert endpoint.document("policy") == endpoints.policy(
            service, names, key_arn="arn:key", neighbors=[other]
        )


@pytest.mark.parametrize("service", endpoints.FULL)
def test_open_policies_let_all_pass_and_are_written_out(
    build: Any, names: Names, service: str
) -> None:
    made = build(lambda: private_endpoints(names, services=(service,), open_policies=True))
    (statement,) = made.one(ENDPOINT).document("policy")["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Allow", "*")
    assert (statement["Action"], statement["Resource"]) in [("*", "*"), (["*"], "*")]
    assert "Condition" not in statement


def test_the_ids_are_found_by_service(build: Any, names: Names) -> None:
    made = build(lambda: private_endpoints(names))
    assert set(made.result.endpoint_ids) == set(endpoints.REQUIRED)


def test_a_gateway_alone_needs_no_security_group(build: Any, names: Names) -> None:
    made = build(lambda: private_endpoints(names, services=("s3",)))
    assert not made.of("aws:ec2/securityGroup:SecurityGroup") and not made.of(RULE)


def test_a_gateway_without_route_tables_is_refused(build: Any, names: Names) -> None:
    with pytest.raises(pulumi.RunError, match=r"`services`.*s3.*`route_table_ids`"):
        build(lambda: private_endpoints(names, route_table_ids=None))


def test_the_way_out_to_the_gateway_is_opened_by_the_gateways_own_output(
    build: Any, names: Names
) -> None:
    made = build(lambda: private_endpoints(names, open_gateway_egress=True))
    rule = made.one(RULE_OUT)
    assert rule.inputs["securityGroupId"] == "sg-environment"
    assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (443, 443)
    # The reader of a plan follows this dependency while no id exists.
    gateway = made.one(ENDPOINT, "ends-s3")
    assert rule.inputs["prefixListId"] == "pl-6da54004"
    assert rule.property_depends_on["prefixListId"] == {gateway.urn}


def test_no_way_out_is_opened_unless_asked(build: Any, names: Names) -> None:
    assert build(lambda: private_endpoints(names)).of(RULE_OUT) == []


LOOKUP = "aws:ec2/getVpcEndpointService:getVpcEndpointService"
STRANGE = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"


@pytest.mark.parametrize(
    ("service", "supported", "has_policy", "asked"),
    [
        ("sts", True, True, True),
        ("neptune-graph", False, False, True),
        (STRANGE, True, False, True),
        ("sqs", False, True, False),
    ],
)
def test_no_policy_is_sent_to_a_service_that_takes_none(
    build: Any,
    cloud: Any,
    names: Names,
    service: str,
    supported: bool,
    has_policy: bool,
    asked: bool,
) -> None:
    cloud.answers[LOOKUP] = {"vpcEndpointPolicySupported": supported}
    made = build(lambda: private_endpoints(names, services=[service]))
    assert ("policy" in made.one(ENDPOINT).inputs) is has_policy
    assert (LOOKUP in {token for token, _ in made.calls}) is asked


@pytest.mark.parametrize(
    ("service", "name", "enabled"),
    [
        (STRANGE, "", False),
        (STRANGE, "billing.example.com", True),
        ("iot.data", "", False),
        ("sts", "sts.eu-west-1.amazonaws.com", True),
        ("sqs", "", True),  # not looked up
    ],
)
def test_private_dns_is_asked_of_no_service_without_a_private_name(
    build: Any, cloud: Any, names: Names, service: str, name: str, enabled: bool
) -> None:
    cloud.answers[LOOKUP] = {"vpcEndpointPolicySupported": True, "privateDnsName": name}
    made = build(lambda: private_endpoints(names, services=[service]))
    assert made.one(ENDPOINT).inputs["privateDnsEnabled"] is enabled


def test_a_service_that_does_not_exist_ends_the_program_in_one_line(
    build: Any, cloud: Any, names: Names
) -> None:
    cloud.answers[LOOKUP] = Refusal("InvalidServiceName: The Vpc Endpoint Service does not exist")
    with pytest.raises(pulumi.RunError, match=r"`services` is 'stss'.*InvalidServiceName"):
        build(lambda: private_endpoints(names, services=["stss"]))


def test_a_service_that_may_not_be_looked_up_gets_what_every_service_takes(
    build: Any, cloud: Any, names: Names
) -> None:
    cloud.answers[LOOKUP] = Refusal("UnauthorizedOperation")
    made = build(lambda: private_endpoints(names, services=["sts", STRANGE]))
    sts, theirs = (made.one(ENDPOINT, f"ends-{one}").inputs for one in ("sts", STRANGE))
    assert "policy" not in {**sts, **theirs}
    assert (sts["privateDnsEnabled"], theirs["privateDnsEnabled"]) == (True, False)


def test_the_owner_of_a_shared_vpc_makes_endpoints_group_and_its_rules(
    build: Any, names: Names
) -> None:
    def program() -> None:
        owner = aws.Provider("owner", region=names.region)
        private_endpoints(names, owner=owner, client_cidr="10.9.0.0/16", open_gateway_egress=True)

    made = build(program)
    provider = made.one("pulumi:providers:aws").urn
    (rule,) = made.of(RULE)
    assert rule.inputs["cidrIpv4"] == "10.9.0.0/16"
    for theirs in (*made.of(ENDPOINT), *made.of("aws:ec2/securityGroup:SecurityGroup"), rule):
        assert theirs.request.provider.startswith(provider)
    assert not made.one(RULE_OUT).request.provider.startswith(provider)
