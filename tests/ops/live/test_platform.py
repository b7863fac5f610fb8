"""The live reader on an environment that this project did not make, and with calls that fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from mwaa.model.platform import UNKNOWN, Platform, Role, known
from mwaa.service.iam_actions import action_of
from ops.commands.doctor.selection import applicable
from ops.live import platform as live
from ops.live.access import endpoint
from ops.live.calls import CALLS, PERMISSIONS
from ops.live.reader import AwsReader
from ops.live.rights import rights_to_create
from ops.live.simulation import rights
from policy.rules.catalog import judge
from policy.rules.network.endpoints.endpoints_available import EndpointsAvailable
from policy.rules.rule import Stage, Verdict
from tests.fixtures.changes import items, present
from tests.ops.emulated import Emulated, emulated


@pytest.fixture(scope="module")
def there() -> Iterator[Emulated]:
    with emulated() as found:
        found.customer.admit_listed_clients()
        worker = {"logGroupName": "airflow-etl-Worker", "logStreamName": "worker_ip_1.0.log"}
        logs = found.customer.client("logs")
        logs.create_log_group(logGroupName=worker["logGroupName"])
        logs.create_log_stream(**worker)
        yield found


def read(there: Emulated, aws: AwsReader | None = None, *, before: bool = False) -> Platform:
    described = there.described()
    wanted = rights_to_create if before else None
    return live.read(aws or there.aws(), described, wanted=wanted, written=not before)


def test_a_foreign_environment_is_read_whole(there: Emulated) -> None:
    platform = read(there)
    customer = there.customer
    assert platform.origin == "live"
    assert platform.environment.status == "AVAILABLE"
    assert {s.id for s in items(platform.subnets)} == set(customer.subnets)
    assert {*customer.endpoints.values()} < {e.id for e in items(platform.endpoints)}
    assert customer.group in {g.id for g in items(platform.security_groups)}
    assert ("10.64.0.0/16",) in {p.cidrs for p in items(platform.prefix_lists)}
    assert present(platform.bucket).name == customer.names.bucket
    assert present(platform.key).arn == customer.key
    role: Role = present(platform.role)
    assert len(items(role.policies)) == 2
    assert platform.account.id == "123456789012"
    assert not platform.denied


def test_the_rules_that_fail_there_are_those_that_it_breaks(there: Emulated) -> None:
    broken = {
        j.rule.id
        for j in judge(read(there), applicable(Stage.AFTER))
        if j.verdict is Verdict.FAIL and j.rule.enforcement == "mandatory"
    }
    # It was created with the API's defaults, which log nothing.
    assert broken == {"mwaa-logs-all-five-enabled"}


def test_the_number_of_calls_does_not_grow(there: Emulated) -> None:
    first = there.aws()
    before = read(there, first)
    ec2, vpc = there.customer.ec2, there.customer.vpc
    for number in range(10):
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.192.{100 + number}.0/24")
        ec2.create_security_group(GroupName=f"g{number}", Description="one more", VpcId=vpc)
        ec2.create_route_table(VpcId=vpc)
    second = there.aws()
    after = read(there, second)
    assert len(items(after.subnets)) == len(items(before.subnets)) + 10
    assert second.calls == first.calls <= 60


def test_nothing_is_asked_that_the_list_of_calls_leaves_out(there: Emulated) -> None:
    asked: set[tuple[str, str]] = set()
    aws = there.aws()
    aws.watch = lambda service, operation: asked.add((service, operation))
    read(there, aws, before=True)
    assert asked <= set(CALLS)
    assert {action_of(*call) for call in asked} <= set(PERMISSIONS)


FAILURES = {
    "denied": ClientError({"Error": {"Code": "AccessDeniedException"}}, "x"),
    "throttled": ClientError({"Error": {"Code": "ThrottlingException"}}, "x"),
    "broken": ClientError({"Error": {"Code": "InternalFailure"}}, "x"),
    "gone": EndpointConnectionError(endpoint_url="https://gone"),
}


class Remembered:
    """A client that asks the emulated AWS once and then answers from memory: the readings of one
    test differ in the call that fails alone."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._answers: dict[str, Any] = {}

    def can_paginate(self, operation: str) -> bool:
        return bool(self._client.can_paginate(operation))

    def get_paginator(self, operation: str) -> Any:
        def paginate(**request: Any) -> Any:
            pages = self._client.get_paginator(operation).paginate
            return self._recall(operation, lambda: list(pages(**request)), request)

        return SimpleNamespace(paginate=paginate)

    def __getattr__(self, operation: str) -> Any:
        def ask(**request: Any) -> Any:
            return self._recall(
                operation, lambda: getattr(self._client, operation)(**request), request
            )

        return ask

    def _recall(self, operation: str, ask: Any, request: dict[str, Any]) -> Any:
        # A metric is asked for with the time of the question.
        stable = {name: value for name, value in request.items() if not name.endswith("Time")}
        key = f"{operation} {sorted(stable.items())}"
        if key not in self._answers:
            try:
                self._answers[key] = ask()
            except ClientError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Blind(AwsReader):
    """A reader for which one call always fails; what botocore retries has failed by then."""

    def __init__(
        self,
        aws: AwsReader,
        remembered: dict[str, Remembered],
        call: tuple[str, str],
        error: Exception,
    ) -> None:
        super().__init__(aws.session, _clients=aws._clients)
        self.remembered, self.failing, self.error = remembered, call, error

    def client(self, service: str) -> Any:
        real = super().client(service)
        client = self.remembered.setdefault(service, Remembered(real))
        if service != self.failing[0]:
            return client
        return _Failing(client, self.failing[1], self.error)


class _Failing:
    def __init__(self, client: Any, operation: str, error: Exception) -> None:
        self._client, self._operation, self._error = client, operation, error

    def can_paginate(self, operation: str) -> bool:
        return operation != self._operation and bool(self._client.can_paginate(operation))

    def __getattr__(self, name: str) -> Any:
        if name != self._operation:
            return getattr(self._client, name)

        def fail(**_: Any) -> Any:
            raise self._error

        return fail


@pytest.fixture(scope="module")
def healthy(there: Emulated) -> dict[str, Verdict]:
    return {j.rule.id: j.verdict for j in judge(read(there), applicable(Stage.AFTER))}


@pytest.fixture(scope="module")
def remembered() -> dict[str, Remembered]:
    return {}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: "-".join(call))
def test_the_reader_survives_each_of_its_calls_failing(
    there: Emulated,
    healthy: dict[str, Verdict],
    remembered: dict[str, Remembered],
    call: tuple[str, str],
) -> None:
    for kind, error in FAILURES.items():
        platform = read(there, Blind(there.aws(), remembered, call, error))
        missing = [one for one in platform.denied if one.call == " ".join(call)]
        assert bool(missing) == (call not in UNUSED)
        assert all((one.reason == "denied") == (kind == "denied") for one in missing)
        assert all(one.permission == action_of(*call) for one in missing)
    verdicts = {j.rule.id: j.verdict for j in judge(platform, applicable(Stage.AFTER))}
    # Blindness turns no failure into a pass and no pass into a failure: only into unknown.
    for rule, verdict in verdicts.items():
        assert verdict in (healthy[rule], Verdict.UNKNOWN), rule


# Asked by the verb itself, before a create, or only of what this account does not have.
UNUSED = {
    ("mwaa", "get_environment"),
    ("iam", "simulate_principal_policy"),
    ("iam", "get_context_keys_for_principal_policy"),
    ("iam", "get_policy"),
    ("iam", "get_policy_version"),
    ("route53", "list_resource_record_sets"),
    ("s3", "head_object"),
}


def test_the_callers_rights_are_asked_before_a_create_alone(there: Emulated) -> None:
    assert read(there).account.caller_rights is UNKNOWN
    rights = read(there, before=True).account.caller_rights
    assert {right.action for right in items(rights)} >= {"iam:PassRole", "kms:CreateGrant"}
    interfaces = [one for one in items(rights) if one.action == "ec2:CreateNetworkInterface"]
    kinds = [one.resource.rpartition(":")[2].partition("/")[0] for one in interfaces]
    assert sorted(kinds) == ["network-interface", "subnet", "subnet"]
    assert "ec2:DescribeSubnets" in {one.action for one in items(rights) if one.resource == "*"}


def test_a_role_without_rights_learns_what_it_lacks(there: Emulated) -> None:
    iam = there.customer.client("iam")
    trust = '{"Version": "2012-10-17", "Statement": []}'
    iam.create_role(RoleName="auditor", AssumeRolePolicyDocument=trust)
    caller = "arn:aws:sts::123456789012:assumed-role/auditor/session"
    found = rights(there.aws(), caller, {"iam:PassRole": (there.customer.role,)})
    assert known(found)
    assert [(one.action, one.allowed) for one in found] == [("iam:PassRole", False)]
    assert found[0].reason == "no policy allows it"


def test_a_role_of_another_account_is_not_mistaken_for_one_of_its_name(there: Emulated) -> None:
    own = there.customer.role
    described = {**there.described(), "ExecutionRoleArn": own.replace("123456789012", "9" * 12)}
    platform = live.read(there.aws(), described)
    assert platform.role is UNKNOWN
    broken = {
        j.rule.id for j in judge(platform, applicable(Stage.AFTER)) if j.verdict is Verdict.FAIL
    }
    assert "mwaa-identity-same-account" in broken
    gone = {**described, "ExecutionRoleArn": f"arn:aws:iam::{'9' * 12}:role/nowhere"}
    assert live.read(there.aws(), gone).role is UNKNOWN


def test_a_subnet_of_another_vpc_is_seen_and_judged(there: Emulated) -> None:
    ec2, customer = there.customer.ec2, there.customer
    vpc = ec2.create_vpc(CidrBlock="10.97.0.0/16")["Vpc"]["VpcId"]
    strange = ec2.create_subnet(VpcId=vpc, CidrBlock="10.97.0.0/24")["Subnet"]["SubnetId"]
    # Before a create: the program's own security group is not made yet.
    network = {"SubnetIds": [customer.subnets[0], strange], "SecurityGroupIds": (UNKNOWN,)}
    described = {**there.described(), "NetworkConfiguration": network, "Status": None}
    platform = live.read(there.aws(), described, wanted=rights_to_create)
    assert {s.vpc for s in items(platform.subnets)} == {customer.vpc, vpc}
    broken = {
        j.rule.id for j in judge(platform, applicable(Stage.BEFORE)) if j.verdict is Verdict.FAIL
    }
    assert "mwaa-network-one-vpc" in broken


def test_what_ec2_says_of_a_failed_endpoint_is_reported(there: Emulated) -> None:
    ec2 = there.customer.ec2
    (answer,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[there.customer.endpoints["sqs"]])[
        "VpcEndpoints"
    ]
    # The emulated EC2 refuses at once what AWS lets fail later.
    error = {"Code": "x", "Message": "no address is free"}
    found = endpoint({**answer, "State": "Failed", "LastError": error})
    platform = replace(read(there), endpoints=(found,))
    (judged,) = judge(platform, [EndpointsAvailable()])
    assert [one.found for one in judged.findings] == [
        f"endpoint {found.id} is failed: no address is free"
    ]
