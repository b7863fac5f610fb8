"""The deployer's policy against what a whole life of a stack asks of the emulated AWS.

Every logged call is put to the project's own evaluator of IAM policies: its action, its resource
and its condition keys. What the service does with the caller's rights leaves no call in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import Policy, known
from ops.commands.permissions.documents import MOST_CHARACTERS, documents, size
from policy.analysis.iam import caller
from policy.analysis.iam.evaluate import evaluate
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict
from tests.e2e.authorization.place import Place
from tests.e2e.authorization.service import requests
from tests.e2e.stacks.lives import Life
from tests.e2e.stacks.rehearsal import REGION
from tests.e2e.stacks.shapes import SHAPES


def attached(statements: list[dict[str, Any]]) -> list[Policy]:
    """The documents as a role has them attached."""
    return [
        Policy(id=f"deployer-{number}", name=f"deployer-{number}", document=one)
        for number, one in enumerate(documents(statements), 1)
    ]


def refused(
    entries: list[dict[str, Any]], statements: list[dict[str, Any]], place: Place
) -> dict[str, Mapping[str, Any]]:
    policies = attached(statements)
    asked = {
        (one.action, str(one.resource), json.dumps(one.context, sort_keys=True)): one
        for entry in entries
        for one in requests(entry, place)
    }
    return {
        f"{one.action} on {one.resource}": one.context
        for one in asked.values()
        if evaluate(one, policies).verdict is not Verdict.PASS
    }


def test_a_policy_printed_before_the_create_lasts_for_the_whole_life(life: Life) -> None:
    assert any(one["operation"] == "CreateEnvironment" for one in life.made)
    assert any(one["operation"] == "DeleteEnvironment" for one in life.changed)
    assert refused([*life.made, *life.changed], life.before, life.place) == {}


def test_a_policy_printed_of_a_running_stack_lasts_for_the_rest(life: Life) -> None:
    assert any(one["operation"] == "UpdateEnvironment" for one in life.changed)
    assert refused(life.changed, life.running, life.place) == {}


def test_iam_itself_says_that_the_caller_may_do_all_that_a_create_takes(life: Life) -> None:
    """The caller of one life is a role with the printed policy; no answer is left undecided."""
    rights = caller.rights(life.alive)
    assert known(rights)
    assert {one.action for one in rights} >= {"iam:CreateServiceLinkedRole", "kms:CreateGrant"}
    assert [one for one in rights if one.allowed is not True] == []
    shape = SHAPES[str(life.outputs["environmentName"])]
    who = "assumed-role/deployer/rehearsal" if shape.account else "root"
    assert str(life.alive.account.caller).rpartition(":")[2] == who
    simulated = [one for one in life.made if one["operation"] == "SimulatePrincipalPolicy"]
    assert bool(simulated) == bool(shape.account)


def test_each_document_can_be_attached(life: Life) -> None:
    for statements in (life.before, life.running):
        made = documents(statements)
        assert all(size(one) <= MOST_CHARACTERS for one in made)
        assert [one for document in made for one in document["Statement"]]
        assert len(made) <= 3


def test_nothing_of_a_neighbor_is_allowed(life: Life) -> None:
    """What the policy must not reach: other tags, other names, other services and regions."""
    place, other = life.place, {"aws:ResourceTag/stack": "another"}
    wild = [
        ("ec2:DeleteVpc", place.arn("ec2", "vpc/vpc-0bad"), other),
        ("ec2:DeleteSubnet", place.arn("ec2", "subnet/subnet-0bad"), {}),
        ("ec2:DeleteRoute", place.arn("ec2", "route-table/rtb-0bad"), other),
        ("ec2:RevokeSecurityGroupIngress", place.arn("ec2", "security-group/sg-0bad"), other),
        ("ec2:AuthorizeSecurityGroupIngress", place.arn("ec2", "security-group/sg-0bad"), {}),
        ("ec2:CreateTags", place.arn("ec2", "vpc/vpc-0bad"), {"aws:RequestTag/stack": "x"}),
        ("s3:GetObject", "arn:aws:s3:::another/secret", {}),
        ("s3:DeleteBucket", "arn:aws:s3:::another", {}),
        ("iam:PutRolePolicy", place.iam("role/administrator"), {}),
        ("iam:PassRole", place.iam("role/administrator"), _passed("airflow")),
        ("iam:PassRole", _execution_role(life), _passed("lambda")),
        ("logs:DeleteLogGroup", place.arn("logs", "log-group:another"), {}),
        ("airflow:DeleteEnvironment", place.arn("airflow", "environment/another"), {}),
    ]
    policies = attached(life.running)
    for action, resource, context in wild:
        asked = Request(
            action=action,
            resource=resource,
            principal=place.iam("role/deployer"),
            context={"aws:RequestedRegion": REGION, **context},
            complete=True,
        )
        assert evaluate(asked, policies).verdict is Verdict.FAIL, (action, resource)


def _passed(service: str) -> dict[str, str]:
    return {"iam:PassedToService": f"{service}.amazonaws.com"}


def _execution_role(life: Life) -> str:
    (made,) = (one for one in life.made if one["operation"] == "CreateEnvironment")
    return str(made["names"]["ExecutionRoleArn"])


def test_without_any_one_statement_that_was_used_a_call_is_refused(life: Life) -> None:
    """The comparison has teeth: it notices a statement that is missing."""
    entries = [*life.made, *life.changed]
    idle = {
        one["Sid"]
        for one in life.before
        if not refused(entries, [s for s in life.before if s is not one], life.place)
    }
    # The service's endpoints and interfaces leave no call in the log; rules are removed by their
    # group.
    assert idle <= {"ServiceEndpoints", "ServiceEndpointsPlace", "ServiceInterfaces", "Ec2Given"}
