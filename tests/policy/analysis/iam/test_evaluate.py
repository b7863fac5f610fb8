"""Policy evaluation: tables from AWS's evaluation logic, a second evaluator, and unknowns."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa.model.platform import UNKNOWN, Policy
from policy.analysis.iam.evaluate import Decision, evaluate
from policy.analysis.iam.request import Request, role_of
from policy.analysis.verdict import Verdict
from tests.policy.analysis.unknowns import hidden

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
ACCOUNT, OTHER = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/airflow"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
BUCKET = "arn:aws:s3:::bucket"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*statements: dict[str, Any], name: str = "p") -> Policy:
    return Policy(id=name, name=name, document=document(*statements))


def request(action: str = "s3:GetObject", resource: str = f"{BUCKET}/a", **more: Any) -> Request:
    return Request(action=action, resource=resource, principal=more.pop("principal", ROLE), **more)


def decide(*statements: dict[str, Any], **context: Any) -> Decision:
    return evaluate(request(context=context), [policy(*statements)])


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([], FAIL),
        ([allow()], PASS),
        ([allow("s3:Get*")], PASS),
        ([allow("S3:getobject")], PASS),
        ([allow("s3:PutObject")], FAIL),
        ([allow(["s3:PutObject", "s3:*"])], PASS),
        ([allow(resource=f"{BUCKET}/*")], PASS),
        ([allow(resource=BUCKET)], FAIL),
        ([allow(), deny()], FAIL),
        ([allow(), deny(resource="arn:aws:s3:::other/*")], PASS),
        ([allow(), deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})], PASS),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], PASS),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], FAIL),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": f"{BUCKET}/*"}], FAIL),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::x"}], PASS),
        ([allow(), {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*"}], PASS),
        ([allow(), {"Effect": "Deny", "NotAction": "s3:PutObject", "Resource": "*"}], FAIL),
        ([allow(resource="arn:aws:s3:::${aws:PrincipalAccount}/*")], FAIL),
        ([allow(Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})], PASS),
        ([allow(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/air*"}})], PASS),
        ([allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})], MAYBE),
        ([allow(), deny(Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})], MAYBE),
        ([allow(UNKNOWN)], MAYBE),
        ([allow(resource=["arn:aws:s3:::x", UNKNOWN])], MAYBE),
        ([allow(), deny(UNKNOWN)], MAYBE),
        ([{**allow(), "Effect": UNKNOWN}], MAYBE),
    ],
)
def test_identity_policies(statements: list[dict[str, Any]], verdict: Verdict) -> None:
    assert decide(*statements, **{"aws:SecureTransport": "true"}).verdict is verdict


def test_a_single_statement_needs_no_list() -> None:
    single = Policy(id="p", name="p", document={"Statement": allow()})
    assert evaluate(request(), [single]).verdict is PASS


def test_the_deciding_statement_is_named() -> None:
    found = decide(allow("s3:*", Sid="Read"), allow(Sid="Second"))
    assert str(found.statement) == "statement Read of policy p"
    refused = decide(allow(), deny(Sid="Never"))
    assert refused.explicit and "Never" in refused.reason
    implicit = decide(allow("s3:PutObject"))
    assert implicit.statement is None and not implicit.explicit and implicit.denied_by == "identity"
    second = decide(allow("s3:PutObject"), allow())
    assert str(second.statement) == "statement 2 of policy p"


@pytest.mark.parametrize(
    ("boundary", "verdict"),
    [
        (policy(allow("s3:*")), PASS),
        (policy(allow("sqs:*")), FAIL),
        (policy(allow("*"), deny()), FAIL),
        (UNKNOWN, MAYBE),
        (Policy(id="b", name="b", document=UNKNOWN), MAYBE),
    ],
)
def test_a_boundary_limits(boundary: Any, verdict: Verdict) -> None:
    found = evaluate(request(), [policy(allow())], boundary=boundary)
    assert found.verdict is verdict
    if verdict is FAIL:
        assert found.denied_by == "boundary"


def test_a_boundary_gives_nothing() -> None:
    assert evaluate(request(), [], boundary=policy(allow())).verdict is FAIL


def resource_policy(principal: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return document({**allow("s3:*"), "Effect": effect, "Principal": principal, **more})


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        ("*", PASS),
        ({"AWS": "*"}, PASS),
        ({"AWS": ROLE}, PASS),
        ({"AWS": [f"arn:aws:iam::{OTHER}:role/x", ROLE]}, PASS),
        ({"AWS": ROOT}, FAIL),
        ({"AWS": ACCOUNT}, FAIL),
        ({"Service": "airflow.amazonaws.com"}, FAIL),
        (UNKNOWN, MAYBE),
        ({"AWS": UNKNOWN}, MAYBE),
    ],
)
def test_in_one_account_a_resource_policy_may_grant_alone(principal: Any, verdict: Verdict) -> None:
    assert evaluate(request(), [], resource=resource_policy(principal)).verdict is verdict
    with_identity = evaluate(request(), [policy(allow())], resource=resource_policy(principal))
    assert with_identity.verdict is PASS


@pytest.mark.parametrize("principal", ["*", {"AWS": ROLE}, {"AWS": ROOT}, {"AWS": ACCOUNT}])
def test_a_resource_policy_denies_the_principal_and_its_account(principal: Any) -> None:
    found = evaluate(request(), [policy(allow())], resource=resource_policy(principal, "Deny"))
    assert found.verdict is FAIL and found.explicit and found.denied_by == "resource"


def test_not_principal() -> None:
    others = document({**deny("s3:*"), "NotPrincipal": {"AWS": [ROLE, ROOT]}})
    assert evaluate(request(), [policy(allow())], resource=others).verdict is PASS
    everybody_else = document({**deny("s3:*"), "NotPrincipal": {"AWS": f"{ROLE}-2"}})
    assert evaluate(request(), [policy(allow())], resource=everybody_else).verdict is FAIL


@pytest.mark.parametrize(
    ("identity", "principal", "verdict"),
    [
        ([allow()], {"AWS": ROLE}, PASS),
        ([allow()], {"AWS": ROOT}, PASS),
        ([allow()], {"AWS": f"arn:aws:iam::{OTHER}:root"}, FAIL),
        ([], {"AWS": ROLE}, FAIL),
    ],
)
def test_across_accounts_both_sides_must_allow(
    identity: list[dict[str, Any]], principal: Any, verdict: Verdict
) -> None:
    found = evaluate(
        request(resource_account=OTHER),
        [policy(*identity)],
        resource=resource_policy(principal),
    )
    assert found.verdict is verdict


@pytest.mark.parametrize(
    ("endpoint", "verdict"),
    [
        (None, PASS),
        (resource_policy("*"), PASS),
        (document({**allow("s3:PutObject"), "Principal": "*"}), FAIL),
        (
            resource_policy("*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
            PASS,
        ),
        (resource_policy("*", Condition={"StringEquals": {"aws:PrincipalAccount": OTHER}}), FAIL),
        (UNKNOWN, MAYBE),
    ],
)
def test_an_endpoint_policy_narrows(endpoint: Any, verdict: Verdict) -> None:
    found = evaluate(request(), [policy(allow())], endpoint=endpoint)
    assert found.verdict is verdict
    if verdict is FAIL:
        assert found.denied_by == "endpoint"


def test_a_service_is_let_in_by_the_resource_policy_alone() -> None:
    logs = request(principal="logs.us-east-1.amazonaws.com")
    service = resource_policy({"Service": "logs.us-east-1.amazonaws.com"})
    assert evaluate(logs, [policy(allow())]).verdict is FAIL
    assert evaluate(logs, resource=service).verdict is PASS
    assert evaluate(logs, resource=resource_policy({"AWS": ROOT})).verdict is FAIL


def test_a_role_session_is_its_role() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/airflow/task-1"
    assert role_of(session) == ROLE
    found = evaluate(request(principal=session), [], resource=resource_policy({"AWS": ROLE}))
    assert found.verdict is PASS


def test_a_complete_context_leaves_no_doubt() -> None:
    guarded = allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}})
    assert evaluate(request(complete=True), [policy(guarded)]).verdict is FAIL


def test_an_unknown_document_is_silent_outside_what_it_concerns() -> None:
    narrow = Policy(id="k", name="k", document=UNKNOWN, concerns=("kms:*",))
    assert evaluate(request(), [policy(allow()), narrow]).verdict is PASS
    assert evaluate(request(), [narrow]).verdict is FAIL
    assert evaluate(request("kms:Decrypt", "k"), [narrow]).verdict is MAYBE
    broad = Policy(id="k", name="k", document=UNKNOWN)
    assert evaluate(request(), [policy(allow()), broad]).verdict is MAYBE
    assert evaluate(request(), [policy(allow(), deny()), broad]).verdict is FAIL


def test_an_unknown_resource_is_covered_by_the_star_only() -> None:
    call = Request(action="kms:Decrypt", resource=UNKNOWN, principal=ROLE)
    assert evaluate(call, [policy(allow("kms:*"))]).verdict is PASS
    assert evaluate(call, [policy(allow("kms:*", "arn:aws:kms:*"))]).verdict is MAYBE
    assert evaluate(call, [policy(allow("s3:*"))]).verdict is FAIL


# A second evaluator for a small language: it only knows lists of actions and resources.
ACTIONS, RESOURCES = ("s3:GetObject", "s3:PutObject", "sqs:SendMessage"), ("a", "b")
small = st.builds(
    lambda effect, action, resource, negative: {
        "Effect": effect,
        ("NotAction" if negative else "Action"): action,
        "Resource": [f"arn:aws:s3:::{r}" for r in resource],
    },
    st.sampled_from(["Allow", "Deny"]),
    st.lists(st.sampled_from([*ACTIONS, "s3:*", "*", "s3:?etObject"]), min_size=1, max_size=2),
    st.lists(st.sampled_from([*RESOURCES, "*"]), min_size=1, max_size=2),
    st.booleans(),
)
documents = st.lists(small, max_size=3).map(lambda found: document(*found))


def says(found: dict[str, Any], effect: str, action: str, resource: str) -> bool:
    return any(
        s["Effect"] == effect
        and any(fnmatchcase(action, a) for a in s.get("Action", s.get("NotAction")))
        is ("Action" in s)
        and any(fnmatchcase(f"arn:aws:s3:::{resource}", r) for r in s["Resource"])
        for s in found["Statement"]
    )


@given(documents, documents, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_evaluation_agrees_with_a_second_evaluator(
    identity: dict[str, Any], boundary: dict[str, Any], action: str, resource: str
) -> None:
    both = (identity, boundary)
    expected = all(says(d, "Allow", action, resource) for d in both) and not any(
        says(d, "Deny", action, resource) for d in both
    )
    found = evaluate(
        request(action, f"arn:aws:s3:::{resource}"),
        [Policy(id="i", name="i", document=identity)],
        boundary=Policy(id="b", name="b", document=boundary),
    )
    assert found.verdict is (PASS if expected else FAIL)


@settings(max_examples=60, deadline=None)
@given(documents, documents, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_no_unknown_part_of_a_document_flips_a_decision(
    identity: dict[str, Any], boundary: dict[str, Any], action: str, resource: str
) -> None:
    call = request(action, f"arn:aws:s3:::{resource}")
    limit = Policy(id="b", name="b", document=boundary)

    def judge(found: Any, bound: Policy = limit) -> Verdict:
        return evaluate(call, [Policy(id="i", name="i", document=found)], boundary=bound).verdict

    truth = judge(identity)
    for path, copy in hidden(identity):
        assert judge(copy) in (truth, MAYBE), path
    for path, changed in hidden(limit):
        assert judge(identity, changed) in (truth, MAYBE), path


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            allow(Condition={"StringEquals": {"aws:SourceAccount": "222"}}),
            "statement 1 of policy p asks for StringEquals aws:SourceAccount 222, and the request "
            "has 111",
        ),
        (
            allow(Condition={"Bool": {"aws:ViaAWSService": "true"}}),
            "asks for Bool aws:ViaAWSService true, and the request has none",
        ),
        (
            allow(Condition={"StringEquals": {"sts:ExternalId": "hidden"}}),
            "asks for StringEquals sts:ExternalId (its value is a secret of two parties)",
        ),
        (allow(resource="arn:aws:s3:::other"), "no statement of the identity policies allows it"),
    ],
)
def test_a_denial_names_the_condition_that_is_missed(statement: Any, words: str) -> None:
    call = request(context={"aws:SourceAccount": "111"}, complete=True)
    found = evaluate(call, [policy(statement)])
    assert found.verdict is FAIL
    assert found.reason.endswith(words)


def test_a_denial_names_the_account_that_a_statement_is_for() -> None:
    there = document(allow(Principal={"AWS": [f"arn:aws:iam::{OTHER}:root", OTHER]}))
    found = evaluate(request(), resource=there, resource_decides=True)
    assert found.reason.endswith(f"statement 1 of the resource policy is for account {OTHER}")
