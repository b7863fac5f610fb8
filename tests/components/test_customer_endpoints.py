"""The customer's own database and web server endpoints."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.customer_endpoints import CustomerEndpoints, CustomerEndpointsArgs
from mwaa.names import Names

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"


def endpoints(names: Names, **args: Any) -> CustomerEndpoints:
    given = {
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-1", "subnet-2"],
        "security_group_ids": ["sg-1"],
        "database_service": "svc-database",
        "webserver_service": "svc-webserver",
    }
    return CustomerEndpoints("own", CustomerEndpointsArgs(names=names, **{**given, **args}))


def test_both_stand_in_the_environments_subnets_and_group(build: Any, names: Names) -> None:
    made = build(lambda: endpoints(names))
    for role in ("database", "webserver"):
        inputs = made.one(ENDPOINT, f"own-{role}").inputs
        assert inputs["serviceName"] == f"svc-{role}"
        assert inputs["vpcEndpointType"] == "Interface"
        assert inputs["subnetIds"] == ["subnet-1", "subnet-2"]
        assert inputs["securityGroupIds"] == ["sg-1"]
    assert set(made.result.endpoint_ids) == {"database", "webserver"}
    component = made.one("mwaa:components:CustomerEndpoints")
    assert {e.parent for e in made.of(ENDPOINT)} == {component.urn}


def test_a_public_web_server_has_no_endpoint(build: Any, names: Names) -> None:
    made = build(lambda: endpoints(names, webserver_service=None))
    assert made.names(ENDPOINT) == {"own-database"}


def test_the_wait_hangs_on_the_last_endpoint_only(build: Any, names: Names) -> None:
    def wait(_: pulumi.ResourceHookArgs) -> None:
        return None

    def program() -> None:
        hook = pulumi.ResourceHook("wait", wait)
        endpoints(names, hooks=pulumi.ResourceHookBinding(after_create=[hook]))

    made = build(program)
    first, last = made.one(ENDPOINT, "own-database"), made.one(ENDPOINT, "own-webserver")
    assert list(last.request.hooks.after_create) == ["wait"]
    assert not first.request.hooks.after_create
    # Were they made side by side, the wait could begin before the other exists.
    assert first.urn in last.depends_on


def test_the_owner_of_a_shared_vpc_makes_them_in_a_group_of_its_own(
    build: Any, names: Names
) -> None:
    def program() -> None:
        owner = aws.Provider("owner", region=names.region)
        endpoints(names, owner=owner, client_cidr="10.9.0.0/16")

    made = build(program)
    provider = made.one("pulumi:providers:aws").urn
    group = made.one("aws:ec2/securityGroup:SecurityGroup")
    rules = made.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {(r.inputs["fromPort"], r.inputs["cidrIpv4"]) for r in rules} == {
        (443, "10.9.0.0/16"),
        (5432, "10.9.0.0/16"),
    }
    for theirs in (group, *rules, *made.of(ENDPOINT)):
        assert theirs.request.provider.startswith(provider)
    for endpoint in made.of(ENDPOINT):
        assert endpoint.inputs["securityGroupIds"] == ["id-of-own-owner"]
        assert {rule.urn for rule in rules} <= endpoint.depends_on
    # The environment's group stays the stack's, and is let through to the database.
    way = made.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert (way.inputs["securityGroupId"], way.inputs["fromPort"]) == ("sg-1", 5432)
    assert not way.request.provider.startswith(provider)


def test_the_owners_group_needs_the_block_that_it_admits(build: Any, names: Names) -> None:
    def program() -> None:
        endpoints(names, owner=aws.Provider("owner", region=names.region))

    with pytest.raises(pulumi.RunError, match=r"`owner`.*`client_cidr`"):
        build(program)
