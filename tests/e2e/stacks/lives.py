"""The whole life of a stack of one shape, lived once and written down for every test about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa.model.platform import Platform
from ops.aws import AwsSession
from ops.commands.doctor.doctor import Inspected, Rules, examine
from ops.commands.doctor.result import Diagnosis
from ops.commands.permissions.documents import documents
from ops.commands.permissions.permissions import deployer_statements
from ops.live import platform as live
from ops.live.reader import AwsReader
from ops.live.rights import rights_to_create
from ops.target import describe
from policy.plan.platform import read
from policy.report import resources
from tests.e2e.authorization.place import Place, place_of
from tests.e2e.stacks.rehearsal import REGION, Outcome, Rehearsal, Stack
from tests.e2e.stacks.shapes import DESTRUCTIBLE, SHAPES, brought_up, write_log_events
from tests.witnesses import terraform

TAGS = {"stack": "life-of-a-shape"}


@dataclass(frozen=True)
class Life:
    """Preview, create, a second look, doctor, update, refresh and destroy of one stack."""

    profile: Rules
    outputs: Mapping[str, Any]
    nat_gateways: int
    endpoint_services: frozenset[str]
    """Of the interface and gateway endpoints that the account had."""
    settled: Outcome
    """A preview after the create, nothing changed."""
    terraform: terraform.Answer
    """What Terraform's AWS provider would change of the running stack."""
    planned: Platform
    alive: Platform
    found: Diagnosis
    """What the doctor says of the environment."""
    before: list[dict[str, Any]]
    """The deployer's policy, printed before the create."""
    running: list[dict[str, Any]]
    """The deployer's policy, printed of the running stack."""
    made: list[dict[str, Any]]
    """The calls of preview and create."""
    changed: list[dict[str, Any]]
    """The calls of update, refresh and destroy."""
    place: Place


def lived(rehearsal: Rehearsal, shape: str) -> Life:
    """Live through it; the account is as it was before. The shape protects what it makes, so the
    update takes the protection away."""
    before: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    account = SHAPES[shape].account
    if account:
        rehearsal = rehearsal.assume(f"arn:aws:iam::{account}:role/administrator")

    def plan(stack: Stack) -> None:
        rehearsal.forget_requests()
        before.extend(deployer_statements(_plan(stack)))
        made.extend(_calls(rehearsal))
        if account:
            assert not _linked_roles(rehearsal)
            stack.call_as(rehearsal.assume(_deployer(rehearsal.client("iam"), before)))
        rehearsal.forget_requests()

    with brought_up(rehearsal, shape, plan, tags=TAGS) as stack:
        made += _calls(rehearsal)
        state = stack.export()
        outputs = stack.outputs()
        ec2 = rehearsal.client("ec2")
        gateways = ec2.describe_nat_gateways(
            Filters=[{"Name": "vpc-id", "Values": [outputs["vpcId"]]}]
        )["NatGateways"]
        services = {each["ServiceName"] for each in ec2.describe_vpc_endpoints()["VpcEndpoints"]}
        settled = stack.preview()
        asked = _terraform(stack, rehearsal)
        (reading,) = read(resources(state), now=0.0)
        write_log_events(rehearsal.client("logs"), stack.name)
        alive, found = _seen(stack, SHAPES[shape].profile)
        running = deployer_statements(state["deployment"]["resources"])

        rehearsal.forget_requests()
        stack.set(maxWorkers=4, **DESTRUCTIBLE)
        for done in (stack.up(policy=False), stack.refresh(), stack.destroy()):
            assert done.code == 0, done.errors or done.text
        changed = _calls(rehearsal)
    return Life(
        profile=SHAPES[shape].profile,
        outputs=outputs,
        nat_gateways=len(gateways),
        endpoint_services=frozenset(services),
        settled=settled,
        terraform=asked,
        planned=reading.platform,
        alive=alive,
        found=found,
        before=before,
        running=running,
        made=made,
        changed=changed,
        place=_place(state["deployment"]["resources"]),
    )


def _terraform(stack: Stack, rehearsal: Rehearsal) -> terraform.Answer:
    """Imported with everything readable, secrets too; the calls are not the stack's."""
    state = json.loads(stack.print("stack", "export", "--show-secrets"))
    resources = state["deployment"]["resources"]
    return terraform.ask(resources, rehearsal.url, REGION, rehearsal.credentials)


def _linked_roles(rehearsal: Rehearsal) -> list[str]:
    """MWAA's own role, where the account ever had an environment."""
    found = rehearsal.client("iam").list_roles(PathPrefix="/aws-service-role/airflow.")["Roles"]
    return [role["RoleName"] for role in found]


def _deployer(iam: Any, statements: list[dict[str, Any]]) -> str:
    """The ARN of a role that has the printed policy, and nothing else."""
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName="deployer",
        Path="/ci/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]
    for number, document in enumerate(documents(statements), 1):
        policy = iam.create_policy(
            PolicyName=f"deployer-{number}", PolicyDocument=json.dumps(document)
        )["Policy"]
        iam.attach_role_policy(RoleName="deployer", PolicyArn=policy["Arn"])
    return str(role["Arn"])


def _plan(stack: Stack) -> list[dict[str, Any]]:
    """The resources of a preview, as ``mwaa permissions deployer`` reads them."""
    text = stack.print("preview", "--json", "--show-sames", "--config-file", str(stack.file))
    document, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    return [step["newState"] for step in document["steps"] if step.get("newState")]


def _calls(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    return [one for one in rehearsal.requests() if one["operation"]]


def _seen(stack: Stack, profile: Rules) -> tuple[Platform, Diagnosis]:
    """The account's reader and the doctor, in the shell of the stack."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.environment.items():
            if name.startswith("AWS_") or name.lower() == "no_proxy":
                patch.setenv(name, value)
        account = AwsSession(region=REGION)
        described = {**describe(account, stack.name)}
        inspected = Inspected(account, stack.name, described, stack.outputs())
        return (
            # The caller's rights are asked as before a create.
            live.read(AwsReader(account), described, wanted=rights_to_create),
            examine(inspected, AwsReader(account), profile),
        )


def _place(state: list[dict[str, Any]]) -> Place:
    (arn,) = (one["outputs"]["arn"] for one in state if one["type"].startswith("aws:mwaa/"))
    return place_of(state, str(arn.split(":")[4]), REGION)
