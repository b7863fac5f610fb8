"""Break one thing in a compliant network: the right target breaks, for the right reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mwaa.model.platform import (
    UNKNOWN,
    AclEntry,
    DhcpOptions,
    Endpoint,
    GroupRule,
    HostedZone,
    Platform,
)
from policy.analysis.network import reachability
from policy.analysis.network.reachability import Reach
from policy.analysis.verdict import Verdict
from tests.fixtures.changes import (
    adding,
    endpoint,
    group,
    live,
    with_acl,
    with_endpoint,
    with_environment,
    with_group,
    with_subnet,
    with_table,
    with_vpc,
    without,
)
from tests.fixtures.platforms import LOCAL, OPEN_ACL, SHAPES, customer_endpoints, nat, no_internet
from tests.policy.analysis.unknowns import hidden

PASS, FAIL, MAYBE = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
ALL_SERVICES = {"s3", "sqs", "logs", "monitoring", "kms"}


def verdicts(platform: Platform) -> dict[tuple[str, str, int], Verdict]:
    return {(r.subnet, r.target, r.port): r.verdict for r in reachability.prove(platform)}


def broken(platform: Platform) -> dict[tuple[str, str], Reach]:
    return {(r.subnet, r.target): r for r in reachability.failures(platform)}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_living_compliant_platform_reaches_everything(shape: str) -> None:
    platform = live(SHAPES[shape]())
    assert {r.verdict for r in reachability.prove(platform)} == {PASS}
    assert {r.target for r in reachability.prove(platform)} == (
        ALL_SERVICES | {"database", "webserver", "itself"}
    )


@pytest.mark.parametrize("shape", ["no-internet", "nat", "existing-vpc"])
def test_a_plan_is_proved_before_anything_exists(shape: str) -> None:
    assert set(verdicts(SHAPES[shape]()).values()) == {PASS}


def test_customer_endpoints_are_not_guessed_before_their_services_have_names() -> None:
    found = verdicts(customer_endpoints())
    unknown = {target for (_, target, _), verdict in found.items() if verdict is MAYBE}
    assert unknown == {"database", "webserver"}
    assert FAIL not in found.values()


def test_a_path_lists_its_hops() -> None:
    found = {r.target: r.proof for r in reachability.prove(nat()) if r.subnet == "subnet-a"}
    path = found["sqs"].path
    assert path[0] == "route table rtb-a sends 0.0.0.0/0 to NAT gateway nat-a"
    assert any("internet gateway igw-1" in hop for hop in path)
    assert found["s3"].path[0] == "route table rtb-a sends it to gateway endpoint vpce-s3"


def _sg_env(**changes: Any) -> Callable[[], Platform]:
    return lambda: with_group(no_internet(), "sg-env", **changes)


def _only(port: int, peer: str = "sg-env") -> GroupRule:
    return GroupRule(protocol="tcp", from_port=port, to_port=port, group=peer)


def _deny(platform: Platform, **changes: Any) -> Platform:
    rule = AclEntry(
        number=1, egress=False, protocol="6", allow=False, cidr="0.0.0.0/0", from_port=0,
        to_port=65535,
    )  # fmt: skip
    return with_acl(platform, "acl-1", entries=(replace(rule, **changes), *OPEN_ACL))


def _closed(suffix: str, **changes: Any) -> Callable[[], Platform]:
    return lambda: with_endpoint(no_internet(), f"vpce-{suffix}", **changes)


OWN = {"database", "webserver", "itself"}
BREAKS: dict[str, tuple[Callable[[], Platform], set[str], str]] = {
    "no S3 endpoint": (
        lambda: without(no_internet(), "endpoints", "vpce-s3"),
        {"s3"},
        "no endpoint for com.amazonaws.us-east-1.s3",
    ),
    "S3 endpoint on other tables": (
        lambda: with_endpoint(no_internet(), "vpce-s3", route_tables=("rtb-main",)),
        {"s3"},
        "not associated with route table",
    ),
    "no queue endpoint": (
        lambda: without(no_internet(), "endpoints", "vpce-sqs"),
        {"sqs"},
        "no endpoint for com.amazonaws.us-east-1.sqs",
    ),
    "endpoint in another VPC": (_closed("logs", vpc="vpc-2"), {"logs"}, "no endpoint for"),
    "no private DNS": (_closed("kms", private_dns=False), {"kms"}, "has no private DNS"),
    "endpoint not accepted": (_closed("kms", state="pendingAcceptance"), {"kms"}, "pendingAccept"),
    "endpoint without a subnet": (_closed("kms", subnets=()), {"kms"}, "has no subnet"),
    "endpoint closed by its group": (
        lambda: with_group(no_internet(), "sg-endpoints", ingress=(_only(80),)),
        {"sqs", "logs", "monitoring", "kms"},
        "do not admit tcp 443",
    ),
    "DNS hostnames off": (
        lambda: with_vpc(no_internet(), dns_hostnames=False),
        {"sqs", "logs", "monitoring", "kms"},
        "DNS",
    ),
    "no rule from itself": (_sg_env(ingress=()), OWN, "do not admit tcp"),
    "no 5432 from itself": (_sg_env(ingress=(_only(443),)), {"database", "itself"}, "tcp 5432"),
    "no 443 from itself": (_sg_env(ingress=(_only(5432),)), {"webserver", "itself"}, "tcp 443"),
    "no egress": (_sg_env(egress=()), ALL_SERVICES | OWN, "security groups of the environment"),
    "no egress to S3": (
        _sg_env(
            egress=(
                GroupRule(protocol="-1", group="sg-env"),
                GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.192.0.0/16"),
            )
        ),
        {"s3"},
        "addresses of s3",
    ),
    "network ACL refuses all inbound": (
        lambda: _deny(no_internet()),
        ALL_SERVICES | OWN,
        "network ACL acl-1",
    ),
    "network ACL refuses the database port": (
        lambda: _deny(no_internet(), from_port=5432, to_port=5432),
        {*ALL_SERVICES, *OWN},
        "5432",
    ),
    "network ACL refuses one address of a subnet": (
        lambda: _deny(no_internet(), cidr="10.192.1.9/32", from_port=443, to_port=443),
        {"sqs", "logs", "monitoring", "kms", "webserver", "itself"},
        "10.192.1.9/32",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_one_break_is_found_with_its_reason(case: str) -> None:
    make, targets, words = BREAKS[case]
    found = broken(make())
    assert {target for _, target in found} == targets
    assert any(words in reach.proof.reason for reach in found.values())
    assert all(reach.proof.remedy for reach in found.values())


def test_the_deny_of_an_ephemeral_port_breaks_the_answers() -> None:
    # Port 5432 lies in the ephemeral range, so refusing it inbound also refuses answers.
    found = broken(_deny(no_internet(), from_port=5432, to_port=5432))
    assert "inbound tcp 1024-65535" in found["subnet-a", "s3"].proof.reason


def test_only_the_subnet_behind_the_break_is_broken() -> None:
    found = broken(with_table(nat(), "rtb-a", routes=(LOCAL,)))
    assert {subnet for subnet, _ in found} == {"subnet-a"}


def test_a_closed_endpoint_is_not_saved_by_nat() -> None:
    closed = Endpoint(
        id="vpce-sqs", service="com.amazonaws.us-east-1.sqs", type="Interface", vpc="vpc-1",
        subnets=("subnet-a", "subnet-b"), security_groups=("sg-endpoints",), private_dns=True,
    )  # fmt: skip
    platform = with_group(adding(nat(), "endpoints", closed), "sg-endpoints", ingress=())
    assert {target for _, target in broken(platform)} == {"sqs"}
    open_ = with_endpoint(platform, "vpce-sqs", private_dns=False)
    assert not broken(open_), "without private DNS the name stays public and NAT carries it"


def test_an_endpoint_without_private_dns_is_saved_by_a_hosted_zone() -> None:
    zone = HostedZone(
        id="z1",
        name="kms.us-east-1.amazonaws.com.",
        vpcs=("vpc-1",),
        records=("kms.us-east-1.amazonaws.com.", "\\052.kms.us-east-1.amazonaws.com."),
    )
    closed = with_endpoint(no_internet(), "vpce-kms", private_dns=False)
    assert not broken(adding(closed, "hosted_zones", zone))
    apex = replace(zone, records=("kms.us-east-1.amazonaws.com.",))
    assert broken(adding(closed, "hosted_zones", apex))


def test_a_resolver_of_others_makes_doubt() -> None:
    platform = replace(
        no_internet(), dhcp_options=(DhcpOptions(id="dopt-1", name_servers=("10.0.0.2",)),)
    )
    assert verdicts(platform)["subnet-a", "sqs", 443] is MAYBE
    assert verdicts(platform)["subnet-a", "s3", 443] is PASS


def test_several_groups_are_a_union_on_both_ends() -> None:
    platform = with_group(no_internet(), "sg-env", ingress=(_only(443, "sg-second"),))
    both = adding(
        with_environment(platform, security_groups=("sg-env", "sg-second")),
        "security_groups",
        replace(group(platform, "sg-env"), id="sg-second", ingress=(_only(5432, "sg-env"),)),
    )
    assert not broken(both)


def test_a_public_web_server_has_no_endpoint_in_the_vpc() -> None:
    platform = with_environment(no_internet(), webserver_access_mode="PUBLIC_ONLY")
    assert "webserver" not in {target for _, target, _ in verdicts(platform)}


def test_customer_mode_needs_both_endpoints() -> None:
    platform = without(customer_endpoints(), "endpoints", "vpce-database", "vpce-webserver")
    assert {t for _, t in broken(platform)} == {"database", "webserver"}
    gone = without(live(customer_endpoints()), "endpoints", "vpce-database")
    assert {t for _, t in broken(gone)} == {"database"}


@pytest.mark.parametrize("seen", [customer_endpoints(), live(customer_endpoints())])
def test_endpoints_that_the_owner_of_a_shared_vpc_makes_are_not_seen(seen: Platform) -> None:
    """Also when the services have names: `pulumi up` judges the plan again once they have."""
    bare = without(seen, "endpoints", "vpce-database", "vpce-webserver")
    service = "com.amazonaws.vpce.us-east-1.vpce-svc-1"
    bare = with_environment(bare, database_endpoint_service=service)
    assert {t for _, t in broken(bare)} == {"database", "webserver"}
    partial = replace(bare, partial=frozenset({"endpoints"}))
    assert broken(partial) == {}
    assert verdicts(partial)["subnet-a", "database", 5432] is MAYBE


def test_customer_endpoints_closed_by_their_group_fail_whatever_their_services_are() -> None:
    platform = customer_endpoints()
    for name in ("vpce-database", "vpce-webserver"):
        platform = with_endpoint(platform, name, security_groups=("sg-endpoints",))
    assert ("subnet-a", "database") in broken(platform)


def test_the_endpoint_mwaa_made_is_judged_as_it_is() -> None:
    platform = with_endpoint(
        live(no_internet()), "vpce-database", security_groups=("sg-endpoints",)
    )
    assert {target for _, target in broken(platform)} == {"database"}


def test_services_that_are_asked_for_are_proved_too_and_those_of_others_are_not() -> None:
    glue = replace(
        endpoint(no_internet(), "vpce-sqs"),
        id="vpce-glue",
        service="com.amazonaws.us-east-1.glue",
        security_groups=("sg-env",),
    )
    platform = adding(no_internet(), "endpoints", glue)
    found = {(r.target): r.verdict for r in reachability.prove(platform, ("glue", "sts"))}
    assert found["glue"] is PASS
    assert found["sts"] is FAIL
    # Another team's endpoint keeps the environment away from what it does not need.
    closed = adding(no_internet(), "endpoints", replace(glue, private_dns=False))
    assert "glue" not in {reach.target for reach in reachability.prove(closed)}
    assert not reachability.failures(closed)


def test_nothing_is_known_of_an_environment_whose_subnets_are_not() -> None:
    found = verdicts(with_environment(no_internet(), subnets=UNKNOWN))
    assert PASS not in found.values()


def test_a_subnet_without_a_known_block_is_not_guessed() -> None:
    platform = with_subnet(no_internet(), "subnet-a", cidr=UNKNOWN)
    assert verdicts(platform)["subnet-b", "sqs", 443] is PASS, "its VPC is admitted"
    half = with_acl(
        platform, "acl-1", entries=tuple(replace(e, cidr="10.192.1.0/24") for e in OPEN_ACL)
    )
    assert verdicts(half)["subnet-b", "sqs", 443] is MAYBE


MONOTONIC: dict[str, Callable[[], Platform]] = {
    "no-internet": no_internet,
    "nat": nat,
    "living customer endpoints": lambda: live(customer_endpoints()),
    "endpoint closed": BREAKS["endpoint closed by its group"][0],
    "no private DNS": BREAKS["no private DNS"][0],
    "network ACL": BREAKS["network ACL refuses one address of a subnet"][0],
    "no way out": lambda: with_table(nat(), "rtb-a", routes=(LOCAL,)),
}


@pytest.mark.parametrize("case", MONOTONIC)
def test_no_unknown_fact_flips_a_verdict(case: str) -> None:
    """Make each fact of the network unknown in turn: PASS and FAIL hold or become unknown."""
    platform = MONOTONIC[case]()
    truth = verdicts(platform)
    network = (
        ".environment", ".account", ".vpcs", ".dhcp", ".subnets", ".route", ".network_acls",
        ".security_groups", ".prefix_lists", ".endpoints", ".nat", ".internet", ".hosted",
    )  # fmt: skip
    tried = 0
    for path, copy in hidden(platform):
        if not path.startswith(network):
            continue
        tried += 1
        for question, verdict in verdicts(copy).items():
            if question in truth and verdict is not MAYBE:
                assert verdict is truth[question], f"{path}: {question}"
    assert tried > 100


def test_proofs_are_computed_once_per_platform() -> None:
    platform = no_internet()
    assert reachability.prove(platform) is reachability.prove(platform)
