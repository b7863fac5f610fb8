"""The plan reader on programs written in every style, before and after ids exist."""

from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, GroupRule, Route
from policy.analysis.network.routes import effective
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import judge
from policy.rules.rule import Verdict
from tests.fixtures.changes import items
from tests.fixtures.records import ROLE_ARN
from tests.policy.plan.plans import (
    BLOCK,
    BUCKET,
    ENDPOINT,
    ENV,
    GROUP,
    IGW,
    INGRESS,
    LINK,
    MAIN,
    NAT,
    ROUTE,
    RULE,
    SUBNET,
    TABLE,
    VPC,
    environment,
    network,
    platform,
    resource,
    urn,
)


def test_a_program_without_an_environment_has_no_platform() -> None:
    assert read(network()) == ()


def test_two_environments_are_two_platforms() -> None:
    other = resource(ENV, "other", name="other")
    assert [r.platform.environment.name for r in read([*network(), environment(), other])] == [
        "prod",
        "other",
    ]


def test_unknown_subnets_are_found_through_the_dependencies() -> None:
    read_subject = platform(*network(), environment())
    assert read_subject.environment.subnets == (urn(SUBNET, "a"), urn(SUBNET, "b"))


def test_a_list_that_depends_on_more_subnets_than_it_can_hold_is_unknown() -> None:
    extra = resource(SUBNET, "public", {"vpcId": [urn(VPC, "net")]}, mapPublicIpOnLaunch=True)
    behind = [urn(SUBNET, "a"), urn(SUBNET, "b"), urn(SUBNET, "public")]
    entries = platform(*network(), extra, environment(behind)).environment.subnets
    assert entries == (UNKNOWN, UNKNOWN)
    inside = {"subnetIds": UNKNOWN, "securityGroupIds": []}
    whole = environment(behind, networkConfiguration=inside)
    assert platform(*network(), extra, whole).environment.subnets is UNKNOWN


def test_the_vpc_of_a_list_that_may_be_several_subnets_is_known() -> None:
    extra = [
        resource(SUBNET, name, {"vpcId": [urn(VPC, "net")]}, mapPublicIpOnLaunch=name != "c")
        for name in ("c", "public")
    ]
    behind = [urn(SUBNET, name) for name in ("a", "b", "c", "public")]
    inside = {"subnetIds": UNKNOWN, "securityGroupIds": []}
    env = environment(behind, networkConfiguration=inside)
    found = platform(*network(), *extra, resource(VPC, "other"), env)
    assert found.environment.subnets is UNKNOWN
    assert [vpc.id for vpc in items(found.vpcs)] == [urn(VPC, "net")]
    assert len(items(found.subnets)) == 4
    assert not {one.rule.id for one in judge(found) if one.verdict is Verdict.FAIL} & {
        "mwaa-network-two-subnets",
        "mwaa-network-distinct-zones",
        "mwaa-network-subnet-no-public-ip",
        "mwaa-network-no-internet-gateway-route",
    }


def test_subnets_of_two_vpcs_leave_the_vpc_open() -> None:
    strange = resource(SUBNET, "strange", {"vpcId": [urn(VPC, "other")]})
    behind = [urn(SUBNET, "a"), urn(SUBNET, "b"), urn(SUBNET, "strange")]
    inside = {"subnetIds": UNKNOWN, "securityGroupIds": []}
    env = environment(behind, networkConfiguration=inside)
    assert platform(*network(), resource(VPC, "other"), strange, env).vpcs is UNKNOWN


def test_a_whole_unknown_list_of_exactly_two_subnets_is_those_two() -> None:
    inside = {"subnetIds": UNKNOWN, "securityGroupIds": []}
    found = platform(*network(), environment(networkConfiguration=inside))
    assert found.environment.subnets == (urn(SUBNET, "a"), urn(SUBNET, "b"))


def test_known_ids_are_matched_by_id() -> None:
    resources = [
        Resource(**{**vars(r), "props": {**r.props, "id": f"{r.name}-id"}}) for r in network()
    ]
    inside = {"subnetIds": ["b-id", "a-id"], "securityGroupIds": ["sg-elsewhere"]}
    found = platform(*resources, environment([], networkConfiguration=inside))
    assert found.environment.subnets == ("b-id", "a-id")
    assert found.environment.security_groups == ("sg-elsewhere",)


def test_inline_and_separate_routes_are_one_table() -> None:
    gateway = resource(IGW, "igw", {"vpcId": [urn(VPC, "net")]})
    resources = network()
    inline = {"routes": [urn(IGW, "igw")]}
    resources[3] = resource(
        TABLE,
        "a",
        {"vpcId": [urn(VPC, "net")], **inline},
        routes=[{"cidrBlock": "1.0.0.0/8", "gatewayId": UNKNOWN}],
    )
    separate = resource(
        ROUTE,
        "default",
        {"routeTableId": [urn(TABLE, "a")], "gatewayId": [urn(IGW, "igw")]},
        destinationCidrBlock="0.0.0.0/0",
        natGatewayId="",
    )
    found = effective(platform(*resources, gateway, separate, environment()), urn(SUBNET, "a"))
    assert found is not UNKNOWN and found.routes == (
        Route(destination="10.0.0.0/16", kind="local", target="local"),
        Route(destination="0.0.0.0/0", kind="internet", target=urn(IGW, "igw")),
        Route(destination="1.0.0.0/8", kind="internet", target=urn(IGW, "igw")),
    )


def test_a_nat_route_is_distinguished_from_an_internet_route() -> None:
    nat = resource(NAT, "nat", {"subnetId": [urn(SUBNET, "b")]})
    route = resource(
        ROUTE,
        "out",
        {"routeTableId": [urn(TABLE, "a")], "natGatewayId": [urn(NAT, "nat")]},
        destinationCidrBlock="0.0.0.0/0",
    )
    found = effective(platform(*network(), nat, route, environment()), urn(SUBNET, "a"))
    assert found is not UNKNOWN and found.routes is not UNKNOWN
    assert found.routes[1] == Route(destination="0.0.0.0/0", kind="nat", target=urn(NAT, "nat"))


def test_subnets_without_association_use_the_main_table() -> None:
    alone = [r for r in network() if r.type != LINK]
    implied = effective(platform(*alone, environment()), urn(SUBNET, "a"))
    assert implied is not UNKNOWN and implied.is_main is True
    assert implied.routes == (Route(destination="10.0.0.0/16", kind="local", target="local"),)
    link = resource(MAIN, "m", {"vpcId": [urn(VPC, "net")], "routeTableId": [urn(TABLE, "b")]})
    declared = effective(platform(*alone, link, environment()), urn(SUBNET, "a"))
    assert declared is not UNKNOWN and declared.id == urn(TABLE, "b")


def test_routes_that_the_provider_computes_are_not_unknown_inputs() -> None:
    resources = network()
    computed = resources[3]
    resources[3] = Resource(**{**vars(computed), "props": {**computed.props, "routes": UNKNOWN}})
    found = effective(platform(*resources, environment()), urn(SUBNET, "a"))
    assert found is not UNKNOWN and found.routes is not UNKNOWN


def test_security_group_rules_in_all_three_styles() -> None:
    group = resource(
        GROUP,
        "env",
        {"vpcId": [urn(VPC, "net")]},
        ingress=[
            {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.1.0.0/16"]}
        ],
    )
    owner = {"securityGroupId": [urn(GROUP, "env")]}
    classic = resource(
        RULE, "self", owner, type="ingress", protocol="-1", fromPort=0, toPort=0, self=True
    )
    single = resource(
        INGRESS,
        "peer",
        {**owner, "referencedSecurityGroupId": [urn(GROUP, "env")]},
        ipProtocol="tcp",
        fromPort=5432,
        toPort=5432,
    )
    found = platform(*network(), group, classic, single, environment()).security_groups
    assert found is not UNKNOWN
    own = urn(GROUP, "env")
    assert set(found[0].ingress) == {  # type: ignore[arg-type]
        GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.1.0.0/16"),
        GroupRule(protocol="-1", group=own),
        GroupRule(protocol="tcp", from_port=5432, to_port=5432, group=own),
    }
    assert found[0].egress == (), "the provider removes the default egress rule"
    assert found[0].declared_by == {own, urn(RULE, "self"), urn(INGRESS, "peer")}


def test_a_vpc_outside_of_the_plan_leaves_its_collections_unknown() -> None:
    inside = {"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]}
    found = platform(environment([], networkConfiguration=inside))
    assert found.route_tables is UNKNOWN and found.network_acls is UNKNOWN
    assert "endpoints" in found.partial


def test_endpoint_subnets_groups_and_tables() -> None:
    vpc = {"vpcId": [urn(VPC, "net")]}
    gateway = resource(
        ENDPOINT,
        "s3",
        {**vpc, "routeTableIds": [urn(TABLE, "a"), urn(TABLE, "b")]},
        serviceName="com.amazonaws.us-east-1.s3",
    )
    interface = resource(
        ENDPOINT,
        "sqs",
        {
            **vpc,
            "subnetIds": [urn(SUBNET, "a"), urn(SUBNET, "b")],
            "securityGroupIds": [urn(GROUP, "env")],
        },
        serviceName="com.amazonaws.us-east-1.sqs",
        vpcEndpointType="Interface",
        privateDnsEnabled=True,
    )
    group = resource(GROUP, "env", vpc)
    s3, sqs = platform(*network(), group, gateway, interface, environment()).endpoints  # type: ignore[misc]
    assert (s3.type, s3.route_tables) == ("Gateway", (urn(TABLE, "a"), urn(TABLE, "b")))
    assert sqs.subnets == (urn(SUBNET, "a"), urn(SUBNET, "b"))
    assert sqs.security_groups == (urn(GROUP, "env"),)
    assert sqs.private_dns is True and sqs.policy is None


def test_the_bucket_is_found_by_name_before_it_has_an_arn() -> None:
    bucket = resource(BUCKET, "source", bucket="my-dags")
    block = resource(BLOCK, "block", {"bucket": [urn(BUCKET, "source")]}, blockPublicAcls=True)
    found = platform(
        *network(), bucket, block, environment(sourceBucketArn="arn:aws:s3:::my-dags")
    ).bucket
    assert found is not UNKNOWN and found is not None
    assert found.name == "my-dags" and found.parts == {urn(BUCKET, "source"), urn(BLOCK, "block")}
    assert found.public_access is not None and found.public_access is not UNKNOWN
    assert found.public_access.block_public_acls is True
    assert found.public_access.block_public_policy is False


def test_what_comes_before_the_environment_is_followed_to_the_end() -> None:
    found = platform(*network(), environment()).environment.depends_on
    assert found is not UNKNOWN and urn(VPC, "net") in found and urn(TABLE, "a") not in found


def test_what_the_program_leaves_to_the_service_is_absent() -> None:
    bare = environment()
    computed = {"schedulers": UNKNOWN, "workerReplacementStrategy": UNKNOWN}
    computed |= {"requirementsS3ObjectVersion": UNKNOWN}
    resource_ = Resource(**{**vars(bare), "props": {**bare.props, **computed}})
    found = platform(*network(), resource_).environment
    assert found.schedulers is None and found.worker_replacement_strategy is None
    assert found.requirements_s3_object_version is None, "what the provider fills in is no pin"


def test_an_access_mode_that_nobody_wrote_down_is_found_before_anything_exists() -> None:
    bare = environment()
    props = {**bare.props, "webserverAccessMode": UNKNOWN}
    given = {key: urns for key, urns in bare.property_dependencies.items() if key in bare.props}
    given.pop("webserverAccessMode", None)
    left = Resource(**{**vars(bare), "props": props, "property_dependencies": given})
    assert platform(*network(), left).environment.webserver_access_mode is None
    waits = Resource(
        **{**vars(left), "property_dependencies": {**given, "webserverAccessMode": ()}}
    )
    assert platform(*network(), waits).environment.webserver_access_mode is UNKNOWN


def test_a_living_group_and_role_that_list_everything_again_are_declared_apart() -> None:
    listed = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "self": True}
    group = resource(GROUP, "env", {"vpcId": [urn(VPC, "net")]}, id="sg-1", ingress=[listed])
    rule = resource(
        INGRESS,
        "self",
        securityGroupId="sg-1",
        referencedSecurityGroupId="sg-1",
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
    )
    role = resource(
        "aws:iam/role:Role",
        "role",
        name="runner",
        inlinePolicies=[{"name": "use", "policy": "{}"}],
        managedPolicyArns=["arn:aws:iam::aws:policy/A"],
    )
    inline = resource(
        "aws:iam/rolePolicy:RolePolicy", "use", role="runner", name="use", policy="{}"
    )
    attached = resource(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "a",
        role="runner",
        policyArn="arn:aws:iam::aws:policy/A",
    )
    env = environment(executionRoleArn="arn:aws:iam::123456789012:role/runner")
    found = platform(*network(), group, rule, role, inline, attached, env)
    assert found.role is not UNKNOWN and found.role is not None
    assert found.role.overruled == () and len(found.role.parts) == 3
    assert found.security_groups is not UNKNOWN
    assert found.security_groups[0].declared_by == {urn(INGRESS, "self")}


def test_ids_come_from_arns_where_the_provider_does_not_repeat_them() -> None:
    arn = "arn:aws:ec2:us-east-1:123456789012:subnet/subnet-1"
    assert resource(SUBNET, "a", arn=arn).identity == "subnet-1"
    assert resource(BUCKET, "b", arn="arn:aws:s3:::b").identity == urn(BUCKET, "b")


def test_a_policy_that_waits_for_a_key_alone_is_about_keys() -> None:
    kms = "aws:kms/key:Key"
    role = resource("aws:iam/role:Role", "role", name="runner")
    key = resource(kms, "key")
    waiting = resource(
        "aws:iam/rolePolicy:RolePolicy", "k", {"policy": [urn(kms, "key")]}, role="runner"
    )
    env = environment(executionRoleArn="arn:aws:iam::123456789012:role/runner")
    found = platform(*network(), role, key, waiting, env).role
    assert found is not UNKNOWN and found is not None and found.policies is not UNKNOWN
    assert found.policies[0].document is UNKNOWN and found.policies[0].concerns == ("kms:*",)


def test_a_secret_option_is_not_looked_at() -> None:
    options = {"core.motto": "hush", "core.parallelism": "8"}
    env = environment(airflowConfigurationOptions=options)
    marked = Resource(
        **{**vars(env), "secret": frozenset({"airflowConfigurationOptions.core.motto"})}
    )
    found = platform(*network(), marked).environment.options
    assert found == {"core.motto": UNKNOWN, "core.parallelism": "8"}


def test_a_key_named_by_its_id_is_not_taken_for_its_arn() -> None:
    kms, arn = "aws:kms/key:Key", "arn:aws:kms:us-east-1:123456789012:key/1"
    made = resource(kms, "key", id="1", arn=arn)
    assert platform(*network(), made, environment(kmsKey=arn)).environment.kms_key == arn
    by_id = platform(*network(), made, environment(kmsKey="1"))
    assert by_id.environment.kms_key == "1"
    assert by_id.key is not UNKNOWN and by_id.key is not None and by_id.key.arn == arn
    waiting = environment(kmsKey=UNKNOWN)
    waiting.property_dependencies["kmsKey"] = (urn(kms, "new"),)  # type: ignore[index]
    new = platform(*network(), resource(kms, "new"), waiting).environment
    assert new.kms_key == urn(kms, "new")


def test_another_version_of_the_plugin_is_the_same_provider() -> None:
    here = {"region": "us-east-1", "version": "7.51.1"}
    awsx = {**here, "version": "7.42.0", "pluginDownloadURL": "github://x", "__internal": {}}
    vpc, *others = network()
    made = replace(environment(executionRoleArn=ROLE_ARN), provider=here)

    def owner(provider: dict[str, Any]) -> object:
        found = items(platform(replace(vpc, provider=provider), *others, made).vpcs)
        return found[0].owner

    assert owner(awsx) == "123456789012"
    assert owner({**awsx, "profile": "network-account"}) is UNKNOWN
