"""Profiles, service names per partition, and policies narrowed to one environment."""

import json

import pytest

from mwaa.names import Names
from mwaa.service.endpoints import (
    FULL,
    NARROWED,
    REQUIRED,
    Neighbor,
    interfaces,
    is_narrowed,
    policy,
    service_name,
    services,
)

NAMES = Names("orders", "us-east-1", "123456789012", "orders-dags")
KEY = "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e-0000-4000-8000-000000000000"


def test_profiles_and_additional_services_are_each_named_once() -> None:
    assert services("required", region="us-east-1") == REQUIRED
    assert services("none", ["s3"], region="us-east-1") == ("s3",)
    both = services("full", ["sqs", "sts"], region="us-east-1")
    assert both == (*FULL, "sts")
    assert interfaces(both) == both[1:]


def test_china_has_names_of_its_own_and_no_airflow_ops() -> None:
    assert "airflow.ops" not in services("full", region="cn-north-1")
    assert service_name("sqs", "cn-north-1") == "cn.com.amazonaws.cn-north-1.sqs"
    assert service_name("s3", "cn-north-1") == "com.amazonaws.cn-north-1.s3"
    assert service_name("sqs", "us-gov-west-1") == "com.amazonaws.us-gov-west-1.sqs"


def test_a_full_service_name_passes() -> None:
    full = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
    assert service_name(full, "us-east-1") == full


@pytest.mark.parametrize(
    ("service", "narrowed_to"),
    [
        ("s3", "arn:aws:s3:::orders-dags/*"),
        ("sqs", "arn:aws:sqs:us-east-1:*:airflow-celery-*"),
        ("logs", "log-group:airflow-orders-*"),
        ("kms", KEY),
        ("monitoring", "cloudwatch:PutMetricData"),
        ("airflow.env", "environment/orders"),
        ("airflow.api", "role/orders/*"),
    ],
)
def test_a_policy_names_what_this_environment_uses(service: str, narrowed_to: str) -> None:
    document = policy(service, NAMES, key_arn=KEY)
    assert narrowed_to in json.dumps(document)
    assert '"Action": ["*"]' not in json.dumps(document)


@pytest.mark.parametrize("service", [*FULL, "secretsmanager"])
def test_only_this_account_passes_except_for_image_layers(service: str) -> None:
    for statement in policy(service, NAMES, key_arn=KEY)["Statement"]:
        condition = statement.get("Condition", {}).get("StringEquals", {})
        pulls = statement["Sid"] in ("PullImageLayers", "PullImages")
        assert (condition == {"aws:PrincipalAccount": "123456789012"}) is not pulls


@pytest.mark.parametrize("service", sorted({*FULL, *NARROWED}))
def test_a_service_of_a_profile_has_a_policy_of_its_own(service: str) -> None:
    """Narrowed by a branch of ``policy``, not only to the account as any other service is."""
    assert policy(service, NAMES) != policy("another", NAMES), (
        f"mwaa/service/endpoints.py: say in policy() what may pass the endpoint of {service}"
    )
    assert is_narrowed(service), f"mwaa/service/endpoints.py: {service} belongs to NARROWED"


def test_an_aws_owned_key_has_no_arn_to_narrow_to() -> None:
    (statement,) = policy("kms", NAMES)["Statement"]
    assert statement["Resource"] == "*"
    assert all(action.startswith("kms:") and action != "kms:*" for action in statement["Action"])


def test_other_buckets_pass_when_named() -> None:
    without = json.dumps(policy("s3", NAMES))
    assert "lake" not in without
    assert "arn:aws:s3:::lake/*" in json.dumps(policy("s3", NAMES, other_buckets=["lake"]))


def test_the_source_bucket_is_written_through_the_endpoint_where_it_is_opened() -> None:
    assert "s3:PutObject" not in json.dumps(policy("s3", NAMES))
    document = policy("s3", NAMES, write_prefixes=["export"])
    (written,) = [s for s in document["Statement"] if "s3:PutObject" in s["Action"]]
    assert written["Resource"] == [f"{NAMES.bucket_arn}/export/*"]
    assert written["Condition"] == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}


OTHER = Neighbor(Names("reports", "us-east-1", "123456789012", "reports-dags"), KEY[:-1] + "1")


@pytest.mark.parametrize(
    ("service", "named"),
    [
        ("s3", "arn:aws:s3:::reports-dags/*"),
        ("logs", "log-group:airflow-reports-*"),
        ("kms", OTHER.key_arn),
        ("airflow.env", "environment/reports"),
        ("airflow.api", "role/reports/*"),
    ],
)
def test_a_policy_names_what_other_environments_of_the_vpc_use_too(
    service: str, named: str
) -> None:
    alone = policy(service, NAMES, key_arn=KEY)
    both = policy(service, NAMES, key_arn=KEY, neighbors=[OTHER])
    assert named not in json.dumps(alone) and named in json.dumps(both)
    own = [one for statement in alone["Statement"] for one in _listed(statement["Resource"])]
    kept = [one for statement in both["Statement"] for one in _listed(statement["Resource"])]
    assert set(own) <= set(kept)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("service", ["sqs", "monitoring", "ecr.api", "secretsmanager"])
def test_what_no_policy_can_narrow_to_one_environment_stays(service: str) -> None:
    assert policy(service, NAMES, neighbors=[OTHER]) == policy(service, NAMES)


def test_an_environment_of_another_account_passes_with_its_own_principals() -> None:
    foreign = Neighbor(Names("reports", "us-east-1", "999999999999"))
    (statement,) = policy("sqs", NAMES, neighbors=[foreign])["Statement"]
    accounts = statement["Condition"]["StringEquals"]["aws:PrincipalAccount"]
    assert accounts == ["123456789012", "999999999999"]


def test_a_neighbor_without_a_key_of_its_own_may_use_any() -> None:
    (statement,) = policy("kms", NAMES, key_arn=KEY, neighbors=[Neighbor(OTHER.names)])["Statement"]
    assert statement["Resource"] == "*"
