"""Which endpoint takes a subnet's packets."""

from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import UNKNOWN, DhcpOptions, Endpoint, Platform, Subnet
from policy.analysis.network import endpoints
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import adding, endpoint, items, with_endpoint, with_table, with_vpc
from tests.fixtures.platforms import REGION, no_internet

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def subnet(platform: Platform) -> Subnet:
    return items(platform.subnets)[0]


def takes(platform: Platform, suffix: str = "sqs") -> Verdict:
    found = endpoint(platform, f"vpce-{suffix}")
    return endpoints.takes(platform, found, subnet(platform), suffix, REGION).verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, PASS),
        ({"private_dns": False}, FAIL),
        ({"private_dns": UNKNOWN}, MAYBE),
        ({"vpc": "vpc-2"}, FAIL),
        ({"vpc": UNKNOWN}, MAYBE),
        ({"service": "com.amazonaws.us-east-1.sns"}, FAIL),
        ({"service": "com.amazonaws.us-west-2.sqs"}, FAIL),
        ({"service": UNKNOWN}, MAYBE),
        ({"service": UNKNOWN, "private_dns": False}, FAIL),
        ({"type": "GatewayLoadBalancer"}, FAIL),
        ({"type": UNKNOWN}, MAYBE),
    ],
)
def test_interface_endpoints_take_packets_by_name(
    changes: dict[str, Any], verdict: Verdict
) -> None:
    assert takes(with_endpoint(no_internet(), "vpce-sqs", **changes)) is verdict


@pytest.mark.parametrize(
    ("tables", "verdict"),
    [
        (("rtb-a",), PASS),
        (("rtb-b",), FAIL),
        ((), FAIL),
        ((UNKNOWN, "rtb-a"), PASS),
        ((UNKNOWN, "rtb-b"), MAYBE),
        (UNKNOWN, MAYBE),
    ],
)
def test_gateway_endpoints_take_packets_by_route_table(tables: Any, verdict: Verdict) -> None:
    assert takes(with_endpoint(no_internet(), "vpce-s3", route_tables=tables), "s3") is verdict


def test_a_gateway_without_any_table_serves_nobody_whatever_the_tables_are() -> None:
    platform = with_endpoint(no_internet(), "vpce-s3", route_tables=())
    assert takes(with_table(platform, "rtb-a", subnets=UNKNOWN), "s3") is FAIL


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"dns_support": False}, FAIL),
        ({"dns_hostnames": False}, FAIL),
        ({"dns_hostnames": UNKNOWN}, MAYBE),
        ({"dhcp_options": None}, PASS),
        ({"dhcp_options": UNKNOWN}, MAYBE),
        ({"dhcp_options": "dopt-unread"}, MAYBE),
    ],
)
def test_private_dns_needs_the_vpcs_dns(changes: dict[str, Any], verdict: Verdict) -> None:
    assert takes(with_vpc(no_internet(), **changes)) is verdict


@pytest.mark.parametrize(
    ("servers", "verdict"),
    [
        (("AmazonProvidedDNS",), PASS),
        (("169.254.169.253",), PASS),
        (("10.0.0.2", "AmazonProvidedDNS"), MAYBE),
        ((), MAYBE),
        (UNKNOWN, MAYBE),
    ],
)
def test_other_resolvers_cannot_be_judged(servers: Any, verdict: Verdict) -> None:
    options = DhcpOptions(id="dopt-1", name_servers=servers)
    assert takes(replace(no_internet(), dhcp_options=(options,))) is verdict


def test_an_endpoint_whose_service_is_not_known_may_not_be_a_second_one_with_private_dns() -> None:
    new = replace(endpoint(no_internet(), "vpce-sqs"), id="vpce-new", service=UNKNOWN)
    platform = adding(no_internet(), "endpoints", new)
    found = endpoints.candidates(platform, subnet(platform), "sqs", REGION)
    assert [c.endpoint.id for c in found] == ["vpce-sqs"]
    other = endpoints.candidates(platform, subnet(platform), "sns", REGION)
    assert [(c.endpoint.id, c.certain) for c in other] == [("vpce-new", False)]


@pytest.mark.parametrize(
    ("service", "suffix"),
    [
        ("com.amazonaws.us-east-1.ecr.api", "ecr.api"),
        ("cn.com.amazonaws.cn-north-1.sqs", "sqs"),
        ("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", None),
        ("com.example.sqs", None),
    ],
)
def test_suffix_of_a_service(service: str, suffix: str | None) -> None:
    assert endpoints.suffix_of(service) == suffix


@pytest.mark.parametrize(
    ("suffix", "region", "host"),
    [
        ("sqs", "us-east-1", "sqs.us-east-1.amazonaws.com"),
        ("ecr.dkr", "eu-west-1", "dkr.ecr.eu-west-1.amazonaws.com"),
        ("airflow.env", "cn-north-1", "env.airflow.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_host_of_a_service(suffix: str, region: str, host: str) -> None:
    assert endpoints.host_of(suffix, region) == host


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (None, PASS),
        ("available", PASS),
        ("Available", PASS),
        ("pendingAcceptance", FAIL),
        ("failed", FAIL),
        (UNKNOWN, MAYBE),
    ],
)
def test_state(state: Any, verdict: Verdict) -> None:
    found = Endpoint(id="vpce", service="x", type="Interface", state=state)
    assert endpoints.state(found).verdict is verdict


def test_records_of_the_vpc_that_were_not_read_make_doubt() -> None:
    platform = replace(no_internet(), vpcs=())
    assert takes(platform) is MAYBE
