"""A running environment with one thing wrong that only a running one can have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mwaa.maybe import Unknown
from tests.mutants.account import Court, LiveMutant, acted, answered, told, with_act

E, N, S, ID = "mwaa-environment-", "mwaa-network-", "mwaa-storage-", "mwaa-identity-"
K, L = "mwaa-encryption-", "mwaa-logs-"
WEAK = {"Arn": "arn:aws:iam::123456789012:user/weak", "Account": "123456789012"}
# The order in which day2/living/observed.py asks.
METRICS = ("scheduler", "worker", "errors", "dags", "queued", "running")


def metric(rule: str, **values: float | None) -> LiveMutant:
    """CloudWatch answers these values; None is no datapoint."""

    def change(answer: Any) -> Any:
        results = {one["Id"]: one for one in answer["MetricDataResults"]}
        for name, value in values.items():
            number = METRICS.index(name) if name in METRICS else len(METRICS)
            found = results.setdefault(f"m{number}", {"Id": f"m{number}"})
            found["Values"] = [] if value is None else [value]
            found["Timestamps"] = [] if value is None else [_Time()]
        return {"MetricDataResults": list(results.values())}

    return answered(f"{E}{rule}", "cloudwatch", "get_metric_data", _timed(change))


class _Time:
    """A datapoint's time; only its seconds are asked for."""

    def timestamp(self) -> float:
        return 1.0


def _timed(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def timed(answer: Any) -> Any:
        for one in answer["MetricDataResults"]:
            one["Timestamps"] = [_Time() for _ in one.get("Timestamps", [])]
        return change(answer)

    return timed


def _endpoints(answer: Any) -> Any:
    answer["VpcEndpoints"][0]["State"] = "failed"
    return answer


def _blackhole(answer: Any) -> Any:
    for table in answer["RouteTables"]:
        table["Routes"].append(
            {
                "DestinationCidrBlock": "10.99.0.0/16",
                "VpcPeeringConnectionId": "pcx-1",
                "State": "blackhole",
            }
        )
    return answer


def _zones(answer: Any) -> Any:
    for one in answer["ServiceDetails"]:
        one["AvailabilityZones"] = ["us-east-1f"]
    return answer


def _quota(answer: Any) -> Any:
    for one in answer["Quotas"]:
        one["Value"] = 1.0
    return answer


def _linked(answer: Any) -> Any:
    if isinstance(answer, Unknown) or answer is None:
        return answer
    return None if "AWSServiceRole" in answer["Role"]["RoleName"] else answer


def _managed_endpoint(court: Court) -> None:
    ec2 = court.client("ec2")
    found = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    own = [e["VpcEndpointId"] for e in found if "vpce-svc" in e["ServiceName"]]
    ec2.delete_vpc_endpoints(VpcEndpointIds=own[:1])


def _revoke_grant(court: Court) -> None:
    kms, key = court.client("kms"), court.ids["Key mwaa-encryption-key"]
    grant = kms.list_grants(KeyId=key)["Grants"][0]["GrantId"]
    kms.revoke_grant(KeyId=key, GrantId=grant)


def _foreign() -> Callable[[Any], Any]:
    """S3 refuses the owner that was expected, and answers without the expectation."""
    calls: list[Any] = []

    def change(answer: Any) -> Any:
        calls.append(answer)
        return None if len(calls) % 2 else answer

    return change


def _weak(rule: str) -> LiveMutant:
    return with_act(
        answered(rule, "sts", "get_caller_identity", lambda _: WEAK, before=True),
        lambda court: court.client("iam").create_user(UserName="weak"),
    )


MUTANTS = [
    answered(f"{N}endpoints-available", "ec2", "describe_vpc_endpoints", _endpoints),
    answered(f"{N}endpoint-zones-offered", "ec2", "describe_vpc_endpoint_services", _zones),
    acted(f"{N}mwaa-endpoints-present", _managed_endpoint),
    answered(f"{N}no-blackhole-route", "ec2", "describe_route_tables", _blackhole),
    told(f"{N}webserver-url-private", WebserverUrl="https://x.c1.us-east-1.airflow.amazonaws.com"),
    acted(
        f"{S}pinned-versions-latest",
        lambda court: court.client("s3").put_object(
            Bucket=court.ids["bucket"], Key="requirements.txt", Body=b"# newer"
        ),
    ),
    answered(f"{S}same-account", "s3", "get_bucket_location", _foreign()),
    _weak(f"{ID}deployer-rights"),
    _weak(f"{K}deployer-may-grant"),
    answered(f"{ID}service-linked-role", "iam", "get_role", _linked),
    acted(f"{K}grants-present", _revoke_grant),
    answered(f"{L}events-arrive", "logs", "describe_log_streams", lambda _: {"logStreams": []}),
    acted(
        f"{L}group-arns-match",
        lambda court: court.client("logs").delete_log_group(logGroupName="airflow-mutant-Task"),
    ),
    metric("scheduler-heartbeat", scheduler=0),
    metric("worker-heartbeat", worker=0),
    metric("dags-import", errors=3),
    metric("dag-count-fits", dags=100_000),
    metric("queue-moves", queued=7, running=0),
    metric("utilisation-moderate", cpu=99),
    answered(
        f"{E}interfaces-present",
        *("ec2", "describe_network_interfaces"),
        lambda _: {"NetworkInterfaces": []},
    ),
    told(
        f"{E}last-update-succeeded",
        LastUpdate={"Status": "FAILED", "Error": {"ErrorCode": "INCORRECT_CONFIGURATION"}},
    ),
    told(f"{E}status-available", Status="UNAVAILABLE"),
    told(f"{E}name-free", Status="CREATE_FAILED"),
    answered(
        f"{E}within-quota",
        *("mwaa", "list_environments"),
        lambda _: {"Environments": [f"other-{n}" for n in range(10)]},
    ),
    answered(f"{E}workers-within-quota", "service-quotas", "list_service_quotas", _quota),
]
