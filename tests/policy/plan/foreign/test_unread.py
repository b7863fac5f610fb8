"""Environments that a plan declares in ways that nothing reads: named, never passed over."""

import json
from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import catalog, judge
from policy.rules.rule import Verdict
from policy.verdicts import Verdicts
from tests.policy.plan.plans import ENV, environment, network, resource, urn

RULES = {rule.id: rule for rule in catalog()}
RULE = "mwaa-environment-declared-readably"
STACK = "aws:cloudformation/stack:Stack"
TEMPLATE = {"Resources": {"Airflow": {"Type": "AWS::MWAA::Environment", "Properties": {}}}}
YAML = "Resources:\n  Airflow:\n    Type: AWS::MWAA::Environment\n    Properties:\n      Name: x\n"

DECLARED: dict[str, tuple[str, dict[str, Any]]] = {
    "a bridged Terraform provider": ("aws:index/mwaaEnvironment:MwaaEnvironment", {}),
    "another bridged provider": ("awscc:index/mwaaEnvironment:MwaaEnvironment", {}),
    "a Terraform module": ("airflow:tf:aws_mwaa_environment", {}),
    "Crossplane": ("kubernetes:mwaa.aws.upbound.io/v1beta1:Environment", {}),
    "a component whose inside is not in the plan": ("acme:mwaa:Environment", {}),
    "a stack in JSON": (STACK, {"templateBody": json.dumps(TEMPLATE)}),
    "a stack in YAML": (STACK, {"templateBody": YAML}),
    "a stack of aws-native": ("aws-native:cloudformation:Stack", {"templateBody": TEMPLATE}),
    "a stack set": ("aws:cloudformation/stackSet:StackSet", {"templateBody": YAML}),
    "Cloud Control": (
        "aws:cloudcontrol/resource:Resource",
        {"typeName": "AWS::MWAA::Environment", "desiredState": "{}"},
    ),
    "an extension": ("aws-native:index:ExtensionResource", {"type": "AWS::MWAA::Environment"}),
    "a command": (
        "command:local:Command",
        {"create": "aws --region eu-west-1 mwaa create-environment --name x"},
    ),
}


@pytest.mark.parametrize("way", DECLARED)
def test_it_is_named_and_nothing_else_is_said_of_it(way: str) -> None:
    kind, props = DECLARED[way]
    (reading,) = read([*network(), resource(kind, "airflow", **props)])
    judged = judge(reading.platform)
    assert [(one.rule.id, one.verdict) for one in judged] == [(RULE, Verdict.FAIL)]
    found = judged[0].findings[0].found
    assert kind in found and "airflow" in found and "nothing of it was judged" in found
    assert reading.urn == urn(kind, "airflow")


def test_an_environment_that_is_read_does_not_hide_one_that_is_not() -> None:
    stack = resource(STACK, "legacy", templateBody=YAML)
    verdicts = Verdicts()
    verdicts.judge([*network(), environment(webserverAccessMode="PUBLIC_ONLY"), stack])

    def places(rule: str) -> list[str]:
        return [one.urn for one in verdicts.take(RULES[rule], lambda: ())]

    assert places(RULE) == [stack.urn]
    assert places("mwaa-network-webserver-private") == [urn(ENV, "env")]


def test_two_in_one_template_are_counted() -> None:
    stack = resource(STACK, "legacy", templateBody=YAML + YAML.replace("Airflow", "Second"))
    (reading,) = read([stack])
    assert "2 times" in str(reading.platform.unread)


@pytest.mark.parametrize(
    "props",
    [
        {"templateUrl": "https://s3.amazonaws.com/b/airflow.yaml"},
        {"name": "mwaa-prod", "templateUrl": "https://s3.amazonaws.com/b/t.yaml"},
        {"name": "airflow", "templateBody": UNKNOWN},
    ],
)
def test_a_template_that_cannot_be_seen_leaves_it_open(props: dict[str, Any]) -> None:
    (reading,) = read([resource(STACK, "legacy", **props)])
    judged = {one.rule.id: one for one in judge(reading.platform)}
    assert judged[RULE].verdict is Verdict.UNKNOWN
    assert "legacy" in judged[RULE].findings[0].found


@pytest.mark.parametrize(
    "other",
    [
        resource(STACK, "datadog", templateUrl="https://example.com/datadog.yaml"),
        resource(STACK, "bucket", templateBody="Type: AWS::S3::Bucket"),
        resource("command:local:Command", "list", create="aws mwaa list-environments"),
        resource("acme:k8s:Environment", "x"),
        resource("aws:mwaaserverless/workflow:Workflow", "x"),
    ],
    ids=lambda one: one.name,
)
def test_what_declares_none_is_left_in_peace(other: Resource) -> None:
    assert read([other]) == ()


def test_a_component_around_an_environment_that_is_read_is_no_other_one() -> None:
    around = resource("acme:mwaa:Environment", "team")
    inside = environment()
    child = Resource(**{**vars(inside), "parent": around.urn})
    assert [r.urn for r in read([*network(), around, child])] == [child.urn]
