"""Key policies, delegation to the account, grants, and CloudWatch Logs as a caller."""

from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, Grant, Key, Policy
from policy.analysis.iam import kms
from policy.analysis.iam.request import Request
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import edited
from tests.fixtures.policies import key_policy, key_statement
from tests.fixtures.records import ACCOUNT, KEY_ARN, NAME, REGION, ROLE_ARN, log_group_arn
from tests.fixtures.records import key as compliant_key
from tests.policy.analysis.unknowns import hidden

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
GROUP = log_group_arn("Task")
CONTEXT_KEY = "kms:EncryptionContext:aws:logs:arn"


def with_logs(**changes: Any) -> Key:
    document = edited(key_policy(NAME, REGION, ACCOUNT), "CloudWatchLogs", **changes)
    return replace(compliant_key(), policy=document)


def like(value: str, operator: str = "ArnLike") -> dict[str, Any]:
    return {"Condition": {operator: {CONTEXT_KEY: value}}}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, PASS),
        ({"Condition": None}, PASS),
        (like(f"arn:aws:logs:{REGION}:{ACCOUNT}:*"), PASS),
        (like(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-other-*"), FAIL),
        (like(GROUP, "ArnEquals"), PASS),
        (like(GROUP, "StringEquals"), PASS),
        (like("arn:aws:logs:eu-west-1:*"), FAIL),
        ({"Principal": {"Service": "logs.amazonaws.com"}}, FAIL),
        ({"Principal": {"Service": "logs.eu-west-1.amazonaws.com"}}, FAIL),
        ({"Action": ["kms:Encrypt*", "kms:Decrypt*"]}, FAIL),
        ({"Action": "kms:*"}, PASS),
        ({"Effect": "Deny"}, FAIL),
        ({"Condition": UNKNOWN}, MAYBE),
        ({"Principal": {"Service": UNKNOWN}}, MAYBE),
    ],
)
def test_cloudwatch_logs(changes: dict[str, Any], verdict: Verdict) -> None:
    proof = kms.logs_may_use(with_logs(**changes), region=REGION, log_group_arn=GROUP)
    assert proof.verdict is verdict, proof
    assert (proof.remedy == "") is (verdict is PASS)


def test_no_policy_of_its_own_lets_no_service_in() -> None:
    bare = replace(compliant_key(), policy=None)
    proof = kms.logs_may_use(bare, region=REGION, log_group_arn=GROUP)
    assert proof.verdict is FAIL
    assert "logs.us-east-1.amazonaws.com" in proof.reason


def test_no_unknown_part_of_the_key_flips_the_verdict() -> None:
    for key in (compliant_key(), with_logs(**like("arn:aws:logs:eu-west-1:*"))):
        truth = kms.logs_may_use(key, region=REGION, log_group_arn=GROUP).verdict
        for path, copy in hidden(key):
            found = kms.logs_may_use(copy, region=REGION, log_group_arn=GROUP).verdict
            assert found in (truth, MAYBE), path


def use(**context: Any) -> Request:
    via = {"kms:ViaService": f"sqs.{REGION}.amazonaws.com", **context}
    return Request(action="kms:Decrypt", resource=KEY_ARN, principal=ROLE_ARN, context=via)


IDENTITY = (
    Policy(
        id="p",
        name="execution",
        document={"Version": "2012-10-17", "Statement": [key_statement(REGION, KEY_ARN)]},
    ),
)


def test_identity_policies_count_where_the_key_delegates() -> None:
    key = compliant_key()
    assert kms.decide(use(), key, IDENTITY).verdict is PASS
    assert kms.decide(use(), replace(key, policy=None), IDENTITY).verdict is PASS
    assert kms.decide(use(), key, ()).verdict is FAIL
    foreign = use(**{"kms:ViaService": "ec2.us-east-1.amazonaws.com"})
    assert kms.decide(foreign, key, IDENTITY).verdict is FAIL


def alone(principal: Any) -> Key:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return replace(compliant_key(), policy={"Version": "2012-10-17", "Statement": [statement]})


def test_without_delegation_an_identity_policy_is_worth_nothing() -> None:
    key = alone({"AWS": f"arn:aws:iam::{ACCOUNT}:role/administrator"})
    decision = kms.decide(use(), key, IDENTITY)
    assert decision.verdict is FAIL and decision.denied_by == "resource"
    assert kms.decide(use(), alone({"AWS": ROLE_ARN}), ()).verdict is PASS


@pytest.mark.parametrize(
    ("grants", "context", "verdict"),
    [
        ((Grant(name=None, grantee=ROLE_ARN, operations=("Decrypt",)),), {}, PASS),
        ((Grant(name=None, grantee=ROLE_ARN, operations=("Encrypt",)),), {}, FAIL),
        ((Grant(name=None, grantee="airflow.amazonaws.com", operations=("Decrypt",)),), {}, FAIL),
        (
            (Grant(name=None, grantee=ROLE_ARN, operations=("Decrypt",)),),
            {"kms:EncryptionContext:a": "b"},
            MAYBE,
        ),
        (UNKNOWN, {}, MAYBE),
    ],
)
def test_grants(grants: Any, context: dict[str, str], verdict: Verdict) -> None:
    key = replace(compliant_key(), grants=grants)
    assert kms.decide(use(**context), key, ()).verdict is verdict


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, PASS),
        ({"AWS": ACCOUNT}, PASS),
        ({"AWS": "*"}, PASS),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/administrator"}, FAIL),
        ({"AWS": "arn:aws:iam::999999999999:root"}, FAIL),
        (UNKNOWN, MAYBE),
    ],
)
def test_delegation_to_the_account(principal: Any, verdict: Verdict) -> None:
    assert kms.delegates_to_account(alone(principal), ACCOUNT) is verdict


def test_delegation_of_keys_without_a_readable_policy() -> None:
    key = compliant_key()
    assert kms.delegates_to_account(replace(key, policy=None), ACCOUNT) is PASS
    assert kms.delegates_to_account(replace(key, policy=UNKNOWN), ACCOUNT) is MAYBE


def test_china_has_its_own_suffix() -> None:
    assert kms.service_host("logs", "cn-north-1") == "logs.cn-north-1.amazonaws.com.cn"


def test_a_key_of_another_account_is_named_as_such() -> None:
    other = "999999999999"
    arn = KEY_ARN.replace(ACCOUNT, other)
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{other}:root"}, "Action": "kms:*"}
    policy = {"Version": "2012-10-17", "Statement": [{**own, "Resource": "*"}]}
    theirs = replace(compliant_key(), arn=arn, policy=policy, grants=())
    allowed = Policy(
        id="p",
        name="p",
        document={"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]},
    )
    request = Request(action="kms:Decrypt", resource=arn, principal=ROLE_ARN, complete=True)
    decision = kms.decide(request, theirs, [allowed])
    assert decision.verdict is FAIL
    assert decision.reason.startswith(f"the key belongs to account {other}: ")
    unseen = kms.decide(request, replace(theirs, policy=UNKNOWN), [allowed])
    assert unseen.verdict is MAYBE
    assert f"account {other}, whose policy cannot be read from here" in unseen.reason
    shared = {**own, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Resource": "*"}
    open_to_us = replace(theirs, policy={**policy, "Statement": [shared]})
    assert kms.decide(request, open_to_us, [allowed]).verdict is PASS
    assert kms.decide(request, open_to_us, []).verdict is FAIL
