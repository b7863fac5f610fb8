"""The permission proof: break one statement, and exactly its needs are not met."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mwaa import iam_policies as program
from mwaa.model.platform import UNKNOWN, Platform, Policy
from mwaa.names import Names
from mwaa.service import endpoints as program_endpoints
from policy.analysis.iam import permissions
from policy.analysis.iam.required import key_of, required_permissions, secret_prefixes
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import (
    edited,
    endpoint,
    live,
    present,
    with_account,
    with_bucket,
    with_endpoint,
    with_environment,
    with_key,
    with_role,
    with_statement,
    without_statement,
)
from tests.fixtures.platforms import SHAPES, nat, no_internet
from tests.fixtures.policies import (
    aws_owned_key_statement,
    bucket_policy,
    execution_policy,
    trust_policy,
)
from tests.fixtures.records import ACCOUNT, BUCKET, KEY_ARN, NAME, REGION, ROLE_ARN
from tests.policy.analysis.unknowns import hidden

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def topics(platform: Platform) -> set[str]:
    return {p.required.topic for p in permissions.failures(platform)}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", [lambda s: s, live], ids=["plan", "live"])
def test_compliant_roles_may_do_all_they_need(
    shape: str, form: Callable[[Platform], Platform]
) -> None:
    found = permissions.prove(form(SHAPES[shape]()))
    assert {p.verdict for p in found} == {PASS}
    assert all(p.statement is not None and p.statement.effect == "Allow" for p in found)


def test_every_need_has_a_topic_and_a_why() -> None:
    assert {n.topic for n in required_permissions(no_internet())} == {
        "metrics", "source", "account-access-block", "logs", "log-streams", "log-groups",
        "put-metrics", "queue", "key",
    }  # fmt: skip
    assert all(n.why for n in required_permissions(no_internet()))


def test_listing_log_streams_is_for_airflow_3() -> None:
    two = with_environment(no_internet(), airflow_version="2.10.3")
    assert "log-streams" not in {n.topic for n in required_permissions(two)}


@pytest.mark.parametrize(
    ("sid", "topic"),
    [
        ("Metrics", {"metrics"}),
        ("ReadSource", {"source"}),
        ("AccountAccessBlock", {"account-access-block"}),
        ("Logs", {"logs", "log-streams"}),
        ("LogGroups", {"log-groups"}),
        ("PutMetrics", {"put-metrics"}),
        ("CeleryQueue", {"queue"}),
        ("EnvironmentKey", {"key"}),
    ],
)
def test_a_missing_statement_is_missed(sid: str, topic: set[str]) -> None:
    assert topics(without_statement(no_internet(), sid)) == topic


def test_the_traps_of_public_samples_are_seen() -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-{NAME}:*"
    assert topics(with_statement(no_internet(), "Logs", Resource=group)) == {"logs", "log-streams"}
    own = f"arn:aws:sqs:{REGION}:{ACCOUNT}:airflow-celery-*"
    assert topics(with_statement(no_internet(), "CeleryQueue", Resource=own)) == {"queue"}
    no_objects = f"arn:aws:s3:::{BUCKET}"
    found = permissions.failures(with_statement(no_internet(), "ReadSource", Resource=no_objects))
    assert {p.required.action for p in found} == {"s3:GetObject", "s3:GetObjectVersion"}
    only_sqs = {"StringLike": {"kms:ViaService": f"sqs.{REGION}.amazonaws.com"}}
    found = permissions.failures(
        with_statement(no_internet(), "EnvironmentKey", Condition=only_sqs)
    )
    assert {str(p.required.context["kms:ViaService"]).split(".")[0] for p in found} == {"s3"}


def test_a_failure_says_what_why_and_what_to_do() -> None:
    (first, *_) = permissions.failures(without_statement(no_internet(), "PutMetrics"))
    assert "prod-airflow-execution may not cloudwatch:PutMetricData on *" in first.proof.reason
    assert first.proof.remedy == "allow cloudwatch:PutMetricData on * in a policy of the role"


def _owned(statement: dict[str, Any]) -> Platform:
    document = execution_policy(NAME, REGION, ACCOUNT, BUCKET, None)
    kept = [s for s in document["Statement"] if s["Sid"] != "ServiceQueueKey"]
    platform = with_environment(replace(no_internet(), key=None), kms_key=None)
    policy = Policy(
        id="p", name="execution", document={**document, "Statement": [*kept, statement]}
    )
    return with_role(platform, policies=(policy,))


def test_the_aws_owned_key_needs_the_other_form() -> None:
    statement = aws_owned_key_statement(REGION, ACCOUNT)
    assert not topics(_owned(statement))
    resource = {k: v for k, v in statement.items() if k != "NotResource"}
    wrong = {**resource, "Resource": f"arn:aws:kms:*:{ACCOUNT}:key/*"}
    assert topics(_owned(wrong)) == {"key"}
    assert key_of(_owned(statement)) is None


def _boundary(*actions: str) -> Policy:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return Policy(id="b", name="boundary", document={"Statement": [statement]})


def test_a_boundary_takes_away() -> None:
    narrow = _boundary("s3:*", "logs:*", "sqs:*", "kms:*", "airflow:*")
    (only,) = permissions.failures(with_role(no_internet(), boundary=narrow))
    assert only.required.topic == "put-metrics"
    assert "permissions boundary" in only.proof.remedy


def test_a_bucket_policy_that_denies_the_role_breaks_the_source() -> None:
    deny = {"Principal": {"AWS": ROLE_ARN}, "Condition": None}
    document = edited(bucket_policy(BUCKET), "TlsOnly", **deny)
    assert topics(with_bucket(no_internet(), policy=document)) == {"source"}


def test_a_bucket_policy_by_network_is_not_guessed() -> None:
    by_network = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-s3"}}}
    document = edited(bucket_policy(BUCKET), "TlsOnly", **by_network)
    found = permissions.prove(with_bucket(no_internet(), policy=document))
    assert {p.verdict for p in found if p.required.topic == "source"} == {MAYBE}


def test_an_endpoint_policy_can_be_in_the_way() -> None:
    nothing = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:Get*",
                              "Resource": "*"}]}  # fmt: skip
    found = permissions.failures(with_endpoint(no_internet(), "vpce-sqs", policy=nothing))
    assert {p.required.topic for p in found} == {"queue"}
    assert "policy of the VPC endpoint" in found[0].proof.remedy
    private = with_endpoint(no_internet(), "vpce-sqs", policy=nothing, private_dns=UNKNOWN)
    assert not permissions.failures(private), "it may not carry the call at all"


def test_a_key_policy_that_keeps_the_account_out_breaks_the_key() -> None:
    key = present(no_internet().key)
    assert isinstance(key.policy, dict)
    closed = edited(key.policy, "Account", Principal={"AWS": f"{ROLE_ARN}-of-others"})
    assert topics(with_key(no_internet(), policy=closed)) == {"key"}


def test_a_managed_policy_not_read_makes_doubt() -> None:
    unread = with_role(
        without_statement(no_internet(), "PutMetrics"), managed_policy_arns=("arn:aws:iam::x",)
    )
    assert not permissions.failures(unread)
    explicit = with_statement(unread, "LogGroups", Effect="Deny")
    assert topics(explicit) == {"log-groups"}


def test_no_role_may_nothing_and_an_unknown_role_is_unknown() -> None:
    assert {p.verdict for p in permissions.prove(replace(nat(), role=None))} == {FAIL}
    assert {p.verdict for p in permissions.prove(replace(nat(), role=UNKNOWN))} == {MAYBE}


@pytest.mark.parametrize(
    ("changes", "verdicts"),
    [
        ({}, [PASS, PASS]),
        ({"Principal": {"Service": "airflow.amazonaws.com"}}, [PASS, FAIL]),
        ({"Principal": {"Service": ["airflow-env.amazonaws.com"]}}, [FAIL, PASS]),
        ({"Principal": {"Service": "mwaa.amazonaws.com"}}, [FAIL, FAIL]),
        ({"Condition": None}, [PASS, PASS]),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, [FAIL, FAIL]),
        (
            {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:airflow:*:*:environment/dev"}}},
            [FAIL, FAIL],
        ),
        ({"Condition": UNKNOWN}, [MAYBE, MAYBE]),
    ],
)
def test_the_trust_policy(changes: dict[str, Any], verdicts: list[Verdict]) -> None:
    trust = edited(trust_policy(NAME, REGION, ACCOUNT), "MwaaAssume", **changes)
    found = permissions.assumable(with_role(no_internet(), trust=trust))
    assert [proof.verdict for _, proof in found] == verdicts


def test_the_programs_own_documents_meet_every_need() -> None:
    names = Names(NAME, REGION, ACCOUNT, BUCKET)
    platform = with_role(
        with_environment(
            no_internet(),
            options={
                "secrets.backend": "airflow.providers.amazon.aws.secrets.secrets_manager."
                "SecretsManagerBackend",
                "secrets.backend_kwargs": '{"connections_prefix": "airflow/connections", '
                '"variables_prefix": "airflow/variables"}',
            },
        ),
        trust=program.execution_trust(names),
        policies=(
            Policy(
                id="e",
                name="e",
                document=program.execution_permissions(names, secrets_prefix="airflow"),
            ),
            Policy(id="k", name="k", document=program.key_permissions(names, KEY_ARN)),
        ),
    )
    platform = with_key(platform, policy=program.key_policy(names))
    platform = with_bucket(platform, policy=program.bucket_policy(names.bucket_arn))
    for suffix in program_endpoints.REQUIRED:
        policy = program_endpoints.policy(suffix, names, key_arn=KEY_ARN)
        platform = with_endpoint(platform, f"vpce-{suffix}", policy=policy)
    assert endpoint(platform, "vpce-s3").policy is not None
    found = permissions.prove(platform)
    assert {p.verdict for p in found} == {PASS}
    assert "secrets" in {p.required.topic for p in found}
    assert [proof.verdict for _, proof in permissions.assumable(platform)] == [PASS, PASS]


@pytest.mark.parametrize(
    ("options", "prefixes"),
    [
        ({}, ()),
        ({"secrets.backend": UNKNOWN}, UNKNOWN),
        ({"secrets.backend": "x.SecretsManagerBackend", "secrets.backend_kwargs": "{"}, UNKNOWN),
        (
            {
                "secrets.backend": "x.SecretsManagerBackend",
                "secrets.backend_kwargs": '{"connections_prefix": "a/c/", "variables_prefix": ""}',
            },
            ("a/c",),
        ),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_prefixes_of_the_secrets_backend(options: Any, prefixes: Any) -> None:
    assert secret_prefixes(with_environment(nat(), options=options)) == prefixes


def test_the_account_and_region_are_needed_to_name_resources() -> None:
    for change in ({"id": UNKNOWN}, {"region": UNKNOWN}):
        found = permissions.prove(with_account(nat(), **change))
        assert {p.verdict for p in found if p.required.topic == "queue"} == {MAYBE}


MONOTONIC: dict[str, Callable[[], Platform]] = {
    "compliant": no_internet,
    "no queue": lambda: without_statement(no_internet(), "CeleryQueue"),
    "boundary": lambda: with_role(no_internet(), boundary=_boundary("s3:*", "kms:*")),
}


@pytest.mark.parametrize("case", MONOTONIC)
def test_no_unknown_fact_flips_a_permission(case: str) -> None:
    platform = MONOTONIC[case]()

    def verdicts(found: Platform) -> dict[tuple[str, str, str], Verdict]:
        return {
            (p.required.action, str(p.required.resources), str(p.required.context)): p.verdict
            for p in permissions.prove(found)
        }

    truth = verdicts(platform)
    tried = 0
    parts = (".role", ".bucket", ".key", ".environment", ".account")
    # The compliant platform is tried at every place, its mutants at every fifth.
    for number, (path, copy) in enumerate(hidden(platform)):
        if path.startswith(parts) and (case == "compliant" or number % 5 == 0):
            tried += 1
            for question, verdict in verdicts(copy).items():
                assert verdict in (truth.get(question, verdict), MAYBE), f"{path}: {question}"
    assert tried >= 30


def test_what_the_account_asks_is_answered_too() -> None:
    assert permissions.may(nat(), "s3:ListBucket", f"arn:aws:s3:::{BUCKET}").verdict is PASS
    assert permissions.may(nat(), "iam:CreateUser", "*").verdict is FAIL
