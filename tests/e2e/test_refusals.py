"""What must not go up: bad settings, plans that break a rule, and an AWS that does not answer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.stacks.rehearsal import BASE, Rehearsal, Stack


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    """A stack that never builds anything."""
    stack = rehearsal.stack("refused", egress="none")
    yield stack
    rehearsal.empty()


@pytest.fixture
def compliant(stack: Stack) -> Iterator[dict[str, Any]]:
    """The stack's own settings, which it has again after the test."""
    before = dict(stack.config)
    yield before
    stack.config = before


# Settings that are refused together, and the words of each one's line. Each alone, and with every
# other value: tests/mwaa/settings/.
BAD: dict[str, tuple[dict[str, Any], list[tuple[str, ...]]]] = {
    "each by itself": (
        {
            "vpcCidr": "10.0.0.0/28",
            "environmentClass": "mw1.huge",
            "airflowVersion": "2.10.2",
            "airflowConfigurationOptions": {"core.fernet_key": "x"},
            "encryption": "existing",
            "existingKeyArn": "arn:aws:kms:us-east-1:1:alias/x",
            "webserverAccessMode": "PUBLIC_ONLY",
            "requirementsFile": "nowhere/requirements.txt",
            "weeklyMaintenanceWindowStart": "SUN:03:15",
            "environmentName": "1st",
            "maxWorker": 3,
        },
        [
            ("vpcCidr", "10.0.0.0/28", "/24"),
            ("environmentClass", "mw1.huge", "mw1.2xlarge"),
            ("airflowVersion", "2.10.2", "2.10.3"),
            ("airflowConfigurationOptions", "core.fernet_key"),
            ("existingKeyArn", "alias/x", "key/"),
            ("PUBLIC_ONLY", "allowPublicWebserver"),
            ("requirementsFile", "nowhere/"),
            ("weeklyMaintenance", "SUN:03:15", "30"),
            ("environmentName", "1st", "letter"),
            ("maxWorker", "maxWorkers"),
        ],
    ),
    "by what another demands": (
        {
            "connectedCidrs": ["10.192.0.0/12"],
            "availabilityZones": ["us-east-1a"],
            "environmentClass": "mw1.micro",
            "maxWorkers": 1,
            "schedulers": 2,
        },
        [
            ("vpcCidr", "10.192.0.0/16", "connectedCidrs"),
            ("availabilityZones", "us-east-1a", "two"),
            ("schedulers", "2", "mw1.micro"),
        ],
    ),
    # Pulumi.yaml declares no types: the engine would say that of the first one, and no more.
    "by type": (
        {
            "environmentName": ["refused"],
            "maxWorkers": "many",
            "availabilityZones": "us-east-1a",
            "protect": "yes please",
            "secretsPrefix": {"a": "b"},
            "additionalRoleStatements": ["s3:*"],
            "tags": "data",
        },
        [
            ("environmentName", 'got ["refused"]. Allowed: text. Why', "Do: write"),
            ("maxWorkers", 'got "many". Allowed: a whole number. Why', "Do: write"),
            ("availabilityZones", 'got "us-east-1a". Allowed: a YAML list. Why', "Do: write"),
            ("protect", 'got "yes please". Allowed: true or false. Why', "Do: write"),
            ("secretsPrefix", '{"a":"b"}', "text"),
            ("additionalRoleStatements", '["s3:*"]', "a list of mappings"),
            ("tags", '"data"', "a YAML mapping"),
        ],
    ),
    "by what is missing": (
        dict.fromkeys(("environmentName", *(key.removeprefix("mwaa:") for key in BASE))),
        [
            ("environmentName", "got nothing. Allowed: 1 to 80", "pulumi config set"),
            ("airflowVersion", "got nothing. Allowed: a version", "pulumi config set"),
            ("availabilityZones", "got []. Allowed: exactly two", "Do: name two"),
        ],
    ),
    "by what contradicts it": (
        {"minWorkers": 4, "maxWorkers": 3, "existingVpcId": "vpc-0123456789abcdef0"},
        [("minWorkers", "4", "3"), ("availabilityZones", "existingVpcId")],
    ),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.usefixtures("compliant")
def test_bad_input_stops_before_any_call(rehearsal: Rehearsal, stack: Stack, case: str) -> None:
    settings, said = BAD[case]
    stack.set(**settings)
    rehearsal.forget_requests()
    plan = stack.preview(policy=False)
    assert plan.code != 0
    lines = plan.text.splitlines()
    unsaid = [words for words in said if not any(all(w in line for w in words) for line in lines)]
    assert unsaid == [], plan.text
    assert "Traceback" not in plan.text
    assert rehearsal.requests() == []


@pytest.mark.usefixtures("compliant")
def test_the_wrong_account_is_asked_for_nothing_but_its_name(
    rehearsal: Rehearsal, stack: Stack
) -> None:
    stack.set(expectedAccount="999999999999")
    rehearsal.forget_requests()
    plan = stack.preview(policy=False)
    assert plan.code != 0
    assert 'belong to account "123456789012". Allowed: "999999999999"' in plan.text
    assert {one["operation"] for one in rehearsal.requests()} == {"GetCallerIdentity"}


@pytest.mark.usefixtures("compliant")
def test_a_plan_that_breaks_rules_stops_at_the_pack(rehearsal: Rehearsal, stack: Stack) -> None:
    """The other choices that the pack refuses: test_choices.py."""
    stack.set(
        airflowVersion="3.2.1",
        webserverAccessMode="PUBLIC_AND_PRIVATE",
        allowPublicWebserver=True,
        webserverClientCidrs=["0.0.0.0/1"],
    )
    plan = stack.preview()
    assert plan.code != 0
    assert plan.broken == ("mwaa-network-no-world-ingress", "mwaa-network-webserver-private")
    # The program itself went through: nothing but the pack refuses.
    said = [error for error in plan.errors if not error.startswith(plan.broken)]
    assert said == ["preview failed\n"]
    assert stack.name not in rehearsal.client("mwaa").list_environments()["Environments"]


@pytest.mark.usefixtures("compliant")
def test_what_exists_is_judged_before_anything_is_made(rehearsal: Rehearsal, stack: Stack) -> None:
    ec2, kms = rehearsal.client("ec2"), rehearsal.client("kms")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    in_one_zone = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.77.{number}.0/24", AvailabilityZone="us-east-1a"
        )["Subnet"]["SubnetId"]
        for number in (1, 2)
    ]
    key = kms.create_key()["KeyMetadata"]
    kms.disable_key(KeyId=key["KeyId"])
    stack.set(
        availabilityZones=None,
        existingVpcId=vpc,
        existingSubnetIds=in_one_zone,
        existingVpcCidr="10.77.0.0/16",
        endpointProfile="none",
        encryption="existing",
        existingKeyArn=key["Arn"],
        existingRoleArn="arn:aws:iam::999999999999:role/theirs",
    )
    try:
        plan = stack.preview()
        stack.set(existingSubnetIds=[in_one_zone[0], "subnet-0123456789abcdef0"])
        missing = stack.preview()
    finally:
        for subnet in in_one_zone:
            ec2.delete_subnet(SubnetId=subnet)
        ec2.delete_vpc(VpcId=vpc)
        kms.schedule_key_deletion(KeyId=key["KeyId"])
    assert plan.broken == (
        "mwaa-encryption-key-usable",
        "mwaa-identity-same-account",
        "mwaa-network-distinct-zones",
        "mwaa-network-vpc-dns-enabled",
    )
    assert "account 999999999999, the environment to 123456789012" in plan.text
    assert missing.code != 0 and "Traceback" not in missing.text
    assert "`existing_subnet_ids` is 'subnet-0123456789abcdef0'" in missing.text


def test_an_aws_that_does_not_answer_is_named_in_one_error(stack: Stack) -> None:
    endpoint = f"http://127.0.0.1:{_closed_port()}"
    before = stack.environment
    stack.environment = {**before, "AWS_ENDPOINT_URL": endpoint}
    try:
        plan = stack.preview()
    finally:
        stack.environment = before
    assert plan.code != 0
    assert endpoint in plan.text
    assert "Traceback" not in plan.text


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
