"""Names stay within their service's limits, never collide, and are right in every partition."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mwaa.names import LOG_TYPES, Names, bounded, dns_suffix_of, partition_of

ENVIRONMENTS = st.from_regex(r"[a-zA-Z][0-9a-zA-Z_-]{0,79}", fullmatch=True)
ACCOUNTS = st.from_regex(r"[0-9]{12}", fullmatch=True)
REGIONS = st.sampled_from(["us-east-1", "ap-southeast-2", "cn-northwest-1", "us-gov-west-1"])
NAMES = st.builds(Names, ENVIRONMENTS, REGIONS, ACCOUNTS)


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_a_region_decides_partition_and_suffix(region: str, partition: str, suffix: str) -> None:
    names = Names("orders", region, "123456789012")
    assert (partition_of(region), dns_suffix_of(region)) == (partition, suffix)
    assert names.service_host("sqs") == f"sqs.{region}.{suffix}"
    assert names.environment_arn == (
        f"arn:{partition}:airflow:{region}:123456789012:environment/orders"
    )
    assert names.queue_arn_pattern == f"arn:{partition}:sqs:{region}:*:airflow-celery-*"
    assert names.bucket_arn.startswith(f"arn:{partition}:s3:::airflow-orders-")


@given(NAMES)
def test_every_name_fits_its_service(names: Names) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", names.bucket)
    for role in (names.role, names.flow_log_role):
        assert re.fullmatch(r"[\w+=,.@-]{1,64}", role)
    for policy in (names.access_policy("Viewer", "rest"), names.access_policy("", "cli")):
        assert re.fullmatch(r"[\w+=,.@-]{1,128}", policy)
    assert re.fullmatch(r"alias/[a-zA-Z0-9/_-]{1,250}", names.key_alias)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,255}", names.dashboard)
    assert len(names.alarm("oldest-task-is-too-old")) <= 255
    assert not names.security_group.startswith("sg-")
    assert names.account not in names.bucket


@given(NAMES, NAMES)
def test_two_environments_never_share_a_global_name(one: Names, other: Names) -> None:
    assume(one != other)
    assert one.bucket != other.bucket
    if one.account == other.account:
        assert one.role != other.role
        assert one.access_policy("Op", "web") != other.access_policy("Op", "web")


@given(NAMES)
def test_the_policies_of_one_environment_differ(names: Names) -> None:
    rights = [names.access_policy(r, w) for r in ("Admin", "Op") for w in ("web", "rest")]
    assert len({*rights, names.access_policy("", "cli"), names.role, names.flow_log_role}) == 7


def test_long_environments_with_one_head_have_different_roles() -> None:
    head = "a" * 79
    roles = {Names(head + tail, "us-east-1", "123456789012").role for tail in "xyz"}
    assert len(roles) == 3
    assert all(len(role) == 64 for role in roles)


@given(st.text(max_size=200), st.integers(min_value=10, max_value=100))
def test_bounded_keeps_short_names_and_cuts_long_ones(text: str, limit: int) -> None:
    name = bounded(text, limit)
    assert name == text if len(text) <= limit else len(name) == limit


def test_log_groups_have_the_exact_names_of_the_service() -> None:
    names = Names("orders", "us-east-1", "123456789012")
    assert names.log_groups == {
        "dag_processing": "airflow-orders-DAGProcessing",
        "scheduler": "airflow-orders-Scheduler",
        "task": "airflow-orders-Task",
        "webserver": "airflow-orders-WebServer",
        "worker": "airflow-orders-Worker",
    }
    pattern = names.log_group_arn_pattern
    assert pattern.endswith("log-group:airflow-orders-*")
    assert all(names.log_group_arn(t).startswith(pattern.removesuffix("*")) for t in LOG_TYPES)
    # The flow log group is no log of Airflow: the execution role must not reach it.
    assert not names.flow_log_group_arn.startswith(pattern.removesuffix("*"))


def test_a_given_bucket_name_is_used_as_it_is() -> None:
    names = Names("orders", "us-east-1", "123456789012", "our-dags")
    assert names.bucket_arn == "arn:aws:s3:::our-dags"
