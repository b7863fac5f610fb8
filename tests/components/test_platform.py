"""The whole platform from the settings of each stack shape."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.outputs import parameter_values
from components.parameters import StackParameters, StackParametersArgs
from components.platform import Platform, PlatformArgs
from mwaa.service import endpoints
from mwaa.settings import outputs
from mwaa.settings.fingerprint import fingerprint
from mwaa.settings.load import Settings
from mwaa.settings.replacement import guards_of

ENVIRONMENT = "aws:mwaa/environment:Environment"
PARAMETER = "aws:ssm/parameter:Parameter"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
BASE = {
    "environmentName": "orders",
    "airflowVersion": "2.10.3",
    "availabilityZones": '["eu-west-1b", "eu-west-1a"]',
}
EXISTING = {
    "availabilityZones": "[]",
    "existingVpcId": "vpc-1",
    "existingSubnetIds": '["subnet-1", "subnet-2"]',
    "existingRouteTableIds": '["rtb-1", "rtb-2"]',
    "existingVpcCidr": "10.9.0.0/16",
}
SHAPES: dict[str, dict[str, str]] = {
    "no internet": {},
    "single NAT": {"egress": "single-nat"},
    "existing VPC": EXISTING,
    "customer endpoints": {"endpointManagement": "CUSTOMER"},
}


def settings(*secrets: str, **values: str) -> Settings:
    return Settings.load(
        {**BASE, **values}, region="eu-west-1", base=Path(__file__).parent, secrets=secrets
    )


def platform(given: Settings, **args: Any) -> Platform:
    return Platform("mwaa", PlatformArgs(settings=given, **args))


@pytest.fixture(params=SHAPES, ids=[shape.replace(" ", "-") for shape in SHAPES])
def shape(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def _kept() -> dict[str, Any]:
    """What was registered, by shape."""
    return {}


@pytest.fixture
def made(build: Any, shape: str, _kept: dict[str, Any]) -> Any:
    """What each shape registers; recorded once, as these tests only look at it."""
    if shape not in _kept:
        given = settings(**SHAPES[shape])
        _kept[shape] = build(lambda: platform(given), egress=given.egress)
    return _kept[shape]


def test_every_documented_output_is_there_and_no_other(made: Any) -> None:
    assert tuple(made.result.outputs) == outputs.NAMES


def test_every_part_belongs_to_the_platform(made: Any) -> None:
    root = made.one("mwaa:components:Platform")
    parts = [r for r in made.resources if r.type.startswith("mwaa:components:") and r is not root]
    assert {part.parent for part in parts} == {root.urn}
    urns = {part.urn for part in parts}
    children = [r for r in made.resources if not r.type.startswith("mwaa:components:")]
    assert children and all(child.parent in urns for child in children)


def test_the_environment_waits_for_everything_that_mwaa_validates(made: Any, shape: str) -> None:
    environment = made.one(ENVIRONMENT)
    validated = {
        "aws:iam/rolePolicy:RolePolicy": {"mwaa-execution-environment", "mwaa-execution-key"},
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"mwaa-source-public-access"},
        "aws:s3/bucketVersioning:BucketVersioning": {"mwaa-source-versioning"},
        "aws:s3/bucketObjectv2:BucketObjectv2": {"mwaa-source-dags"},
        "aws:kms/key:Key": {"mwaa-encryption-key"},
        "aws:cloudwatch/logGroup:LogGroup": {
            f"mwaa-logs-{log}"
            for log in ("dag-processing", "scheduler", "task", "webserver", "worker")
        },
        ENDPOINT: {f"mwaa-endpoints-{s}" for s in ("s3", "sqs", "logs", "monitoring", "kms")},
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
            "mwaa-network-from-self-443",
            "mwaa-network-from-self-5432",
        },
    }
    for type_, wanted in validated.items():
        waited = {r.name for r in made.of(type_) if r.urn in environment.depends_on}
        assert wanted <= waited, type_
    if shape != "existing VPC":
        assert made.one("awsx:ec2:Vpc").urn in environment.depends_on


def test_the_environments_subnets_are_exactly_two(made: Any, shape: str) -> None:
    environment = made.one(ENVIRONMENT)
    network = environment.inputs["networkConfiguration"]
    if shape == "existing VPC":
        assert network["subnetIds"] == ["subnet-1", "subnet-2"]
    else:
        assert network["subnetIds"] == ["id-of-private-1", "id-of-private-2"]
        subnets = {
            urn
            for urn in environment.property_depends_on["networkConfiguration"]
            if "::aws:ec2/subnet" in urn
        }
        assert len(subnets) == 2
    assert network["securityGroupIds"] == ["id-of-mwaa-network-environment"]


def test_one_key_encrypts_everything(made: Any) -> None:
    arn = "arn:aws:kms/key:Key:mwaa-encryption-key"
    assert made.one(ENVIRONMENT).inputs["kmsKey"] == arn
    groups = made.of("aws:cloudwatch/logGroup:LogGroup")
    assert {g.inputs["kmsKeyId"] for g in groups} == {arn}
    assert made.one("aws:sns/topic:Topic").inputs["kmsMasterKeyId"] == arn
    assert arn in made.one("aws:iam/rolePolicy:RolePolicy", "mwaa-execution-key").inputs["policy"]


def test_customer_endpoints_are_made_only_when_asked(made: Any, shape: str) -> None:
    own = {name for name in made.names(ENDPOINT) if name.startswith("mwaa-customer-")}
    asked = shape == "customer endpoints"
    assert own == ({"mwaa-customer-database", "mwaa-customer-webserver"} if asked else set())
    for name in own:
        service = made.one(ENDPOINT, name).inputs["serviceName"]
        assert service.endswith("vpce-svc-" + name.rsplit("-", 1)[-1])
    assert ("webserver" in made.result.outputs["endpointIds"]) is asked


def test_an_existing_vpc_opens_endpoints_to_its_other_hosts(build: Any) -> None:
    given = settings(**EXISTING)
    made = build(lambda: platform(given))
    rules = made.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert "10.9.0.0/16" in {r.inputs.get("cidrIpv4") for r in rules}
    assert not made.of("awsx:ec2:Vpc")


@pytest.mark.parametrize("policies", ["narrow", "open"])
def test_endpoints_have_the_policies_that_the_setting_names(build: Any, policies: str) -> None:
    given = settings(endpointPolicies=policies)
    documents = [e.document("policy") for e in build(lambda: platform(given)).of(ENDPOINT)]
    assert len(documents) == 5
    full = [document == endpoints.open_policy() for document in documents]
    assert set(full) == {policies == "open"}


def test_a_new_vpc_opens_its_endpoints_to_the_environments_that_are_named(build: Any) -> None:
    made = build(lambda: platform(settings(endpointEnvironments='[{"name": "reports"}]')))
    rule = made.one(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "mwaa-endpoints-from-vpc"
    )
    assert rule.inputs["cidrIpv4"] == "10.192.0.0/16"
    logs = made.one("aws:ec2/vpcEndpoint:VpcEndpoint", "mwaa-endpoints-logs")
    assert "airflow-reports-*" in logs.inputs["policy"]


OWNER_ROLE = "arn:aws:iam::999999999999:role/endpoints"


def test_endpoints_of_a_shared_vpc_are_made_with_the_owners_role(build: Any) -> None:
    shared = {**EXISTING, "endpointManagement": "CUSTOMER", "endpointOwnerRoleArn": OWNER_ROLE}
    made = build(lambda: platform(settings(**shared)))
    provider = made.one("pulumi:providers:aws")
    assert json.loads(provider.inputs["assumeRoles"]) == [{"roleArn": OWNER_ROLE}]
    ends = made.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert len(ends) > 2 and all(e.request.provider.startswith(provider.urn) for e in ends)
    environment = made.one("aws:mwaa/environment:Environment")
    assert not environment.request.provider.startswith(provider.urn)


def test_the_owners_role_is_assumed_by_whom_the_stacks_own_provider_asks_as(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {"roleArn": "arn:aws:iam::123456789012:role/deploy", "sessionName": "ci"}
    given = {
        "profile": "ci",
        "accessKey": "12345",
        "secretKey": "hunter2",
        "sharedConfigFiles": '["aws.ini"]',
        "skipMetadataApiCheck": "false",
        "assumeRoles": json.dumps([first]),
        "region": "eu-west-1",
        "allowedAccountIds": '["123456789012"]',
        "defaultTags": '{"tags": {"team": "data"}}',
    }
    config = {f"aws:{name}": value for name, value in given.items()}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", '["aws:secretKey"]')
    shared = {**EXISTING, "endpointManagement": "CUSTOMER", "endpointOwnerRoleArn": OWNER_ROLE}
    provider = build(lambda: platform(settings(**shared))).one("pulumi:providers:aws")
    found = provider.inputs
    assert json.loads(found["assumeRoles"]) == [first, {"roleArn": OWNER_ROLE}]
    assert (found["profile"], found["accessKey"], found["region"]) == ("ci", "12345", "eu-west-1")
    assert json.loads(found["sharedConfigFiles"]) == ["aws.ini"]
    assert json.loads(found["skipMetadataApiCheck"]) is False
    assert "hunter2" in str(found["secretKey"])
    # The owner's account is another, and its resources are not tagged as ours.
    assert not {"allowedAccountIds", "defaultTags"} & set(found)


def test_endpoints_that_the_owner_makes_outside_are_not_made_here(build: Any) -> None:
    waiting = {"endpointManagement": "CUSTOMER", "customerEndpoints": "wait"}
    made = build(lambda: platform(settings(**EXISTING, **waiting)))
    assert not made.of("mwaa:components:CustomerEndpoints")
    assert not made.of("pulumi:providers:aws")
    # They stand in a group of the owner's.
    way = made.one(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "mwaa-network-to-database"
    )
    block = EXISTING["existingVpcCidr"]
    assert (way.inputs["fromPort"], way.inputs["cidrIpv4"]) == (5432, block)


def test_an_existing_key_is_asked_only_for_what_its_owner_knows_of(build: Any) -> None:
    arn = f"arn:aws:kms:eu-west-1:123456789012:key/{'1' * 8}-1111-1111-1111-{'1' * 12}"
    made = build(lambda: platform(settings(encryption="existing", existingKeyArn=arn)))
    assert made.one(ENVIRONMENT).inputs["kmsKey"] == arn
    assert "kmsMasterKeyId" not in made.one("aws:sns/topic:Topic").inputs
    flow = made.one("aws:cloudwatch/logGroup:LogGroup", "mwaa-network-flow-logs")
    assert "kmsKeyId" not in flow.inputs


def test_the_account_is_asked_once_and_only_when_it_is_not_given(build: Any) -> None:
    made = build(lambda: platform(settings(**EXISTING, egress="existing"), account="1" * 12))
    assert "aws:index/getCallerIdentity:getCallerIdentity" not in dict(made.calls)
    assert made.result.outputs["accountId"] == "1" * 12


def test_log_groups_left_behind_are_adopted(build: Any, cloud: Any) -> None:
    token = "aws:cloudwatch/getLogGroups:getLogGroups"
    cloud.answers[token] = {"logGroupNames": ["airflow-orders-Task", "airflow-orders-old"]}
    made = build(lambda: platform(settings(adoptLogGroups="true")))
    assert (token, {"logGroupNamePrefix": "airflow-orders-"}) in made.calls
    adopted = {
        g.request.importId
        for g in made.of("aws:cloudwatch/logGroup:LogGroup")
        if g.request.importId
    }
    assert adopted == {"airflow-orders-Task"}


def test_option_values_go_only_to_the_environment_and_as_a_secret(build: Any) -> None:
    canary = "canary-51c9"
    options = json.dumps({"smtp.smtp_host": canary})
    given = settings("airflowConfigurationOptions", airflowConfigurationOptions=options)
    shown: list[Any] = []

    def program() -> Platform:
        made = platform(given)
        pulumi.Output.from_input(made.outputs).apply(shown.append)
        return made

    made = build(program)
    assert [r.type for r in made.resources if canary in r.wire] == [ENVIRONMENT]
    sent = json.loads(made.one(ENVIRONMENT).wire)["object"]["airflowConfigurationOptions"]
    assert sent["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    assert shown and canary not in json.dumps(shown) and canary not in repr(given)


def test_guards_are_exported_as_deployed(build: Any) -> None:
    seen: list[Any] = []
    given = settings()
    build(lambda: platform(given).outputs["replacementGuards"].apply(seen.append))  # type: ignore[union-attr]
    assert seen == [
        {
            "name": "orders",
            "subnets": ["eu-west-1a 10.192.0.0/20", "eu-west-1b 10.192.16.0/20"],
            "key": "customer-managed",
            "endpointManagement": "SERVICE",
            "airflowVersion": "2.10.3",
            "keyArn": "arn:aws:kms/key:Key:mwaa-encryption-key",
            "subnetIds": ["id-of-private-1", "id-of-private-2"],
        }
    ]


def test_a_replacement_stops_before_anything_is_registered(build: Any, cloud: Any) -> None:
    old = guards_of(settings()).export(key_arn="arn:key", subnet_ids=["a", "b"])
    with pytest.raises(pulumi.RunError, match="environmentName: deployed with orders, now bills"):
        build(lambda: platform(settings(environmentName="bills"), previous=old))
    assert cloud.recording.resources == [] and cloud.recording.calls == []


def test_opts_reach_every_child(build: Any) -> None:
    import pulumi_aws as aws

    def program() -> None:
        provider = aws.Provider("other", region="eu-west-1")
        args = PlatformArgs(settings=settings())
        Platform("mwaa", args, pulumi.ResourceOptions(providers=[provider]))

    made = build(program)
    own = [r for r in made.resources if r.type.startswith("aws:")]
    assert {r.request.provider.rsplit("::", 1)[0].rsplit("::", 1)[-1] for r in own} == {"other"}


@pytest.mark.parametrize(
    ("deployed", "sent"),
    [
        (None, None),
        (fingerprint(settings()), None),
        (fingerprint(settings(maxWorkers="7")), "GRACEFUL"),
    ],
    ids=["create", "no change", "an update"],
)
def test_the_strategy_goes_out_with_an_update_and_never_alone(
    build: Any, deployed: str | None, sent: str | None
) -> None:
    made = build(lambda: platform(settings(), deployed=deployed))
    assert made.one(ENVIRONMENT).inputs.get("workerReplacementStrategy") == sent


def test_the_fingerprint_is_exported_as_a_secret(build: Any) -> None:
    seen: list[Any] = []

    def program() -> None:
        output = platform(settings()).outputs["environmentFingerprint"]
        assert isinstance(output, pulumi.Output)
        secret: Any = output.is_secret()
        pulumi.Output.from_input(secret).apply(seen.append)
        output.apply(seen.append)

    build(program)
    assert sorted(seen, key=str) == sorted([fingerprint(settings()), True], key=str)


def stack_values(**changes: Any) -> dict[str, Any]:
    """Outputs of a stack: one of each kind, the others a text."""
    given = dict.fromkeys(outputs.NAMES, "text") | {
        "subnetIds": pulumi.Output.from_input(["subnet-a", "subnet-b"]),
        "logGroupNames": {"task": pulumi.Output.from_input("airflow-prod-Task")},
    }
    return given | changes


def test_each_value_is_one_parameter_below_the_prefix(build: Any) -> None:
    values = parameter_values(stack_values())
    made = build(
        lambda: StackParameters(
            "p", StackParametersArgs(prefix="/mwaa/prod", values=values, tags={"team": "data"})
        )
    )
    found = {r.inputs["name"]: r.inputs for r in made.of(PARAMETER)}
    assert found["/mwaa/prod/subnetIds"]["insecureValue"] == "subnet-a,subnet-b"
    assert found["/mwaa/prod/logGroupNames/task"]["insecureValue"] == "airflow-prod-Task"
    assert {one["type"] for one in found.values()} == {"String"}
    assert {one["tags"]["team"] for one in found.values()} == {"data"}
    assert {name.split("/")[3] for name in found} == set(outputs.PARAMETERS)
    component = made.one("mwaa:components:StackParameters")
    assert all(r.parent == component.urn for r in made.of(PARAMETER))


def test_what_is_empty_or_not_known_by_the_program_is_left_out() -> None:
    assert "kmsKeyArn" not in parameter_values(stack_values(kmsKeyArn=""))
    assert "webserverUrl" not in parameter_values(stack_values(endpointManagement="CUSTOMER"))
    assert set(outputs.PARAMETERS) <= set(outputs.NAMES)


@pytest.mark.parametrize("prefix", ["mwaa", "/mwaa/"])
def test_a_prefix_is_a_path(build: Any, prefix: str) -> None:
    with pytest.raises(pulumi.RunError, match="begin with a slash"):
        build(lambda: StackParameters("p", StackParametersArgs(prefix=prefix, values={})))


def test_a_stack_writes_parameters_where_it_is_asked_to(build: Any) -> None:
    assert not build(lambda: platform(settings())).of(PARAMETER)
    made = build(lambda: platform(settings(ssmPrefix="/mwaa/prod")))
    found = {r.inputs["name"]: r.inputs["insecureValue"] for r in made.of(PARAMETER)}
    assert found["/mwaa/prod/environmentName"] == "orders"
    assert found["/mwaa/prod/logGroupNames/task"] == "airflow-orders-Task"
    assert all(found.values())
