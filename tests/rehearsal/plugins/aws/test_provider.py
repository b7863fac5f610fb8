"""What holds for every resource: secrets, plans, refusals, failures half way, concurrency."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from rehearsal.emulator.server import Emulator
from rehearsal.plugins.aws.provider import AwsProvider
from rehearsal.plugins.protocol.properties import encode
from rehearsal.plugins.protocol.serving import bind
from rehearsal.plugins.protocol.stubs import provider_pb2
from rehearsal.plugins.protocol.values import UNKNOWN, Asset, Secret
from tests.rehearsal.plugins.aws.engine import CheckError, Engine, Made, init_failure

BUCKET = "aws:s3/bucket:Bucket"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
VPC = "aws:ec2/vpc:Vpc"
Boto = Callable[[str], Any]


@pytest.fixture
def bucket(engine: Engine, unique: str) -> Made:
    made = engine.create(BUCKET, {"bucket": f"b-{unique}", "forceDestroy": True})
    status = {"status": "Enabled"}
    engine.create(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": made.id, "versioningConfiguration": status},
    )
    return made


def test_secret_inputs_stay_secret(engine: Engine, unique: str) -> None:
    inputs = {
        "name": f"/{unique}",
        "tags": {"open": "yes", "hidden": Secret("canary")},
    }
    made = engine.create("aws:cloudwatch/logGroup:LogGroup", inputs)
    assert made.inputs["tags"] == {"open": "yes", "hidden": Secret("canary")}
    assert made.outputs["tags"]["hidden"] == Secret("canary")
    assert made.outputs["tagsAll"]["hidden"] == Secret("canary")
    again = engine.read(made)
    assert again is not None
    assert again.outputs["tags"]["hidden"] == Secret("canary")


def test_whole_secret_stays_secret_in_a_plan(engine: Engine) -> None:
    plan = engine.plan("aws:iam/role:Role", {"assumeRolePolicy": Secret("{}")})
    assert plan["assumeRolePolicy"] == Secret("{}")
    assert plan["arn"] is UNKNOWN


def test_unknown_inputs_pass_check_and_plan(engine: Engine) -> None:
    plan = engine.plan("aws:ec2/subnet:Subnet", {"vpcId": UNKNOWN, "cidrBlock": "10.0.0.0/24"})
    assert plan["vpcId"] is UNKNOWN
    assert plan["cidrBlock"] == "10.0.0.0/24"
    assert plan["arn"] is UNKNOWN


def test_default_tags_reach_aws_but_not_the_programs_tags(
    engine: Engine, boto: Boto, vpc: Made
) -> None:
    assert vpc.outputs["tagsAll"] == {"project": "mwaa"}
    assert vpc.outputs["tags"] == {}
    present = boto("ec2").describe_vpcs(VpcIds=[vpc.id])["Vpcs"][0]["Tags"]
    assert present == [{"Key": "project", "Value": "mwaa"}]


def test_refresh_sees_a_tag_added_behind_its_back(engine: Engine, boto: Boto, vpc: Made) -> None:
    boto("ec2").create_tags(Resources=[vpc.id], Tags=[{"Key": "rogue", "Value": "1"}])
    again = engine.read(vpc)
    assert again is not None
    assert again.outputs["tags"] == {"rogue": "1"}
    assert engine.changes(again, {"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True}) == {
        "tags": "DELETE",
        "tagsAll.rogue": "DELETE",
    }


def test_refresh_sees_a_flag_cleared_behind_its_back(engine: Engine, bucket: Made) -> None:
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    inputs = {"bucket": bucket.id, **dict.fromkeys(flags, True)}
    made = engine.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", inputs)
    opened = engine.update(made, {**inputs, "blockPublicPolicy": False})
    stale = Made(made.type, made.name, made.id, made.inputs, made.outputs)
    again = engine.read(stale)
    assert again is not None
    assert again.outputs == opened.outputs
    assert again.inputs["blockPublicPolicy"] is False
    assert engine.changes(again, inputs) == {"blockPublicPolicy": "UPDATE"}


def test_what_is_stored_while_versioning_is_off_has_the_version_null(
    engine: Engine, bucket: Made
) -> None:
    for status in ("Enabled", "Suspended"):
        engine.create(
            "aws:s3/bucketVersioning:BucketVersioning",
            {"bucket": bucket.id, "versioningConfiguration": {"status": status}},
        )
    inputs = {"bucket": bucket.id, "key": "late.txt", "content": "x"}
    made = engine.create("aws:s3/bucketObjectv2:BucketObjectv2", inputs)
    assert made.outputs["versionId"] == "null"
    engine.delete(made)
    assert engine.read(made) is None


def test_new_content_makes_the_version_unknown_in_a_plan(engine: Engine, bucket: Made) -> None:
    inputs = {"bucket": bucket.id, "key": "requirements.txt", "source": Asset(text="a==1")}
    made = engine.create(OBJECT, inputs)
    first = made.outputs["versionId"]
    assert engine.changes(made, inputs) == {}
    news = {**inputs, "source": Asset(text="a==2")}
    assert engine.update(made, news, preview=True).outputs["versionId"] is UNKNOWN
    assert engine.update(made, news).outputs["versionId"] not in (first, UNKNOWN, None)


def test_empty_object_is_an_object(engine: Engine, boto: Boto, bucket: Made) -> None:
    made = engine.create(OBJECT, {"bucket": bucket.id, "key": "dags/", "content": ""})
    assert boto("s3").head_object(Bucket=bucket.id, Key="dags/")["ContentLength"] == 0
    assert made.outputs["versionId"]


def test_full_bucket_is_deleted_only_by_force(engine: Engine, boto: Boto, unique: str) -> None:
    careful = engine.create(BUCKET, {"bucket": f"careful-{unique}"})
    boto("s3").put_object(Bucket=careful.id, Key="a", Body=b"1")
    with pytest.raises(grpc.RpcError, match="BucketNotEmpty"):
        engine.delete(careful)
    forced = engine.update(careful, {"bucket": careful.id, "forceDestroy": True})
    engine.delete(forced)
    assert engine.read(forced) is None


def test_resource_deleted_behind_its_back_is_gone(engine: Engine, boto: Boto, vpc: Made) -> None:
    boto("ec2").delete_vpc(VpcId=vpc.id)
    assert engine.read(vpc) is None
    engine.delete(vpc)


def test_missing_and_wrong_properties_are_named(engine: Engine) -> None:
    with pytest.raises(CheckError) as missing:
        engine.check("aws:ec2/subnet:Subnet", "it", {})
    assert set(missing.value.failures) == {"vpcId"}
    with pytest.raises(CheckError) as wrong:
        engine.check("aws:cloudwatch/logGroup:LogGroup", "it", {"retentionInDays": 42})
    assert "given 42" in wrong.value.failures["retentionInDays"]


@pytest.mark.parametrize(
    ("type_", "message"),
    [
        ("aws:ec2/vpcc:Vpc", "Did you mean aws:ec2/vpc:Vpc"),
        ("aws:rds/cluster:Cluster", "does not know the resource type aws:rds/cluster:Cluster"),
    ],
)
def test_unknown_types_are_named(engine: Engine, type_: str, message: str) -> None:
    with pytest.raises(grpc.RpcError, match=message):
        engine.check(type_, "it", {})


def test_near_property_is_suggested(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="Did you mean 'enableDnsHostnames'"):
        engine.check(VPC, "it", {"enableDnsHostname": True})


def test_names_are_made_up_once(engine: Engine) -> None:
    first = engine.check(BUCKET, "data", {})
    assert first["bucket"].startswith("data-")
    assert engine.check(BUCKET, "data", {})["bucket"] == first["bucket"]
    kept = engine.check(BUCKET, "data", {}, {"bucket": "data-0000000"})
    assert kept["bucket"] == "data-0000000"


def test_failure_after_the_create_keeps_the_resource(engine: Engine, vpc: Made) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        engine.create("aws:ec2/internetGateway:InternetGateway", {"vpcId": "vpc-0123456789abcdef0"})
    detail = init_failure(failed.value)
    assert detail.id.startswith("igw-")
    assert "InvalidVpcID.NotFound" in detail.reasons[0]
    gateway = Made(
        "aws:ec2/internetGateway:InternetGateway", "it", detail.id, {}, {"vpcId": "vpc-0"}
    )
    repaired = engine.update(gateway, {"vpcId": vpc.id})
    assert repaired.outputs["vpcId"] == vpc.id


def test_failure_before_the_create_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match=r"InvalidVpcID\.NotFound") as failed:
        engine.create(
            "aws:ec2/subnet:Subnet", {"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.0.0/24"}
        )
    assert init_failure(failed.value) is None


def test_creates_run_side_by_side(engine: Engine, unique: str) -> None:
    def create(number: int) -> str:
        return engine.create(BUCKET, {"bucket": f"b-{unique}-{number}"}).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(create, range(16)))) == 16


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (None, "AWS_ENDPOINT_URL is not set"),
        ("https://ec2.us-east-1.amazonaws.com", "Allowed: a loopback address"),
        ("http://10.0.0.7:5000", "Allowed: a loopback address"),
        ("nonsense", "Allowed: a loopback address"),
    ],
)
def test_only_this_machine_is_served(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, message: str
) -> None:
    if endpoint is None:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    server, port = bind(AwsProvider())
    driver = Engine(port)
    with pytest.raises(grpc.RpcError, match=message):
        driver.configure(region="us-east-1")
    answer = driver.stub.CheckConfig(provider_pb2.CheckRequest(news=encode({"region": "x"})))
    assert message in answer.failures[0].reason
    driver.channel.close()
    server.stop(grace=None).wait()


def test_unknown_provider_setting_is_named(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="does not know the provider setting assumeRole"):
        engine.configure(region="us-east-1", assumeRole="{}")


@pytest.fixture
def fresh(account: str) -> Iterator[Engine]:
    """A provider that is not configured yet."""
    server, port = bind(AwsProvider())
    driver = Engine(port)
    yield driver
    driver.channel.close()
    server.stop(grace=None).wait()


OWN, OTHER, THIRD = "123456789012", "222222222222", "333333333333"


def _role(account: str) -> dict[str, str]:
    return {"roleArn": f"arn:aws:iam::{account}:role/deploy", "sessionName": "it"}


def _caller(driver: Engine) -> Any:
    return driver.invoke("aws:index/getCallerIdentity:getCallerIdentity")


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        ({"assumeRoles": [_role(OTHER)]}, OTHER),
        ({"assumeRoles": [_role(OTHER), _role(THIRD)]}, THIRD),
        ({"assumeRoleWithWebIdentity": {**_role(OTHER), "webIdentityToken": "a.b.c"}}, OTHER),
        ({"assumeRoles": []}, OWN),
    ],
    ids=["a role", "a chain", "web identity", "no role"],
)
def test_roles_are_assumed_as_the_published_provider_does(
    fresh: Engine, settings: dict[str, Any], account: str
) -> None:
    fresh.configure(region="us-east-1", **{k: json.dumps(v) for k, v in settings.items()})
    found = _caller(fresh)
    assert found["accountId"] == account
    assert (":assumed-role/deploy/it" in found["arn"]) is (account != OWN)


def test_a_role_that_is_no_role_is_refused(fresh: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="assumeRoles is not in a form"):
        fresh.configure(region="us-east-1", assumeRoles='[{"sessionName": "it"}]')


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ({"allowedAccountIds": [OWN]}, ""),
        ({"allowedAccountIds": [OTHER, OWN]}, ""),
        ({"allowedAccountIds": [OTHER]}, OWN),
        ({"forbiddenAccountIds": [OTHER]}, ""),
        ({"forbiddenAccountIds": [OWN]}, OWN),
        # The account of the role counts, not that of the keys.
        ({"allowedAccountIds": [OWN], "assumeRoles": [_role(OTHER)]}, OTHER),
        ({"allowedAccountIds": [OTHER], "assumeRoles": [_role(OTHER)]}, ""),
    ],
)
def test_an_account_that_is_not_allowed_is_refused_before_anything_is_asked(
    fresh: Engine, emulator: Emulator, settings: dict[str, Any], refused: str
) -> None:
    given = {name: json.dumps(value) for name, value in settings.items()}
    if not refused:
        fresh.configure(region="us-east-1", **given)
        return
    before = len(emulator.gateway.journal.read())
    with pytest.raises(grpc.RpcError, match=f"AWS account ID not allowed: {refused}"):
        fresh.configure(region="us-east-1", **given)
    asked = emulator.gateway.journal.read()[before:]
    assert {one["service"] for one in asked} == {"sts"}


def test_plugin_announces_its_port_soon_and_ends_quietly() -> None:
    start = time.monotonic()
    plugin = subprocess.Popen(
        [sys.executable, "-m", "rehearsal.plugins.aws", "127.0.0.1:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert plugin.stdout is not None
    port = int(plugin.stdout.readline())
    assert time.monotonic() - start < 5
    assert 0 < port < 65536
    plugin.terminate()
    _, diagnostics = plugin.communicate(timeout=10)
    assert plugin.returncode == 0
    assert diagnostics.count("\n") == 1
    assert "stand-in for rehearsal and tests" in diagnostics
