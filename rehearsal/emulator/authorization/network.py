"""Whether the environment's subnets carry what its containers send, by the project's own analysis.

A container stands in one of the subnets, and nothing tells which: a call is carried where every
subnet carries it. What is not known is carried.
"""

from __future__ import annotations

from collections.abc import Mapping

from mwaa.model.platform import Platform
from policy.analysis.index import index_of
from policy.analysis.network import reachability
from policy.analysis.verdict import Proof

SUFFIXES: Mapping[str, str] = {
    "cloudwatch": "monitoring",
    "kms": "kms",
    "logs": "logs",
    "mwaa": "airflow.api",
    "s3": "s3",
    "s3control": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "sts": "sts",
}
"""Service by botocore's name -> by that of its VPC endpoint; the others' calls are carried:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (read
2026-11-27)"""


def obstacle(platform: Platform, service: str | None) -> str | None:
    """What keeps calls to ``service`` from leaving a subnet; None where they get there."""
    suffix = SUFFIXES.get(service or "")
    if suffix is None:
        return None
    return index_of(platform).remember(f"obstacle {suffix}", lambda: _on_the_way(platform, suffix))


def database_obstacle(platform: Platform) -> str | None:
    """What keeps the containers from the metadata database; None where they reach it."""
    for subnet in reachability.subnets(platform):
        proof = reachability.to_own(platform, subnet, reachability.DATABASE)
        if proof.failed:
            return _worded(subnet.id, "the metadata database", proof)
    return None


def _on_the_way(platform: Platform, suffix: str) -> str | None:
    for subnet in reachability.subnets(platform):
        proof = reachability.to_service(platform, subnet, suffix)
        if proof.failed:
            return _worded(subnet.id, suffix, proof)
    return None


def _worded(subnet: str, target: str, proof: Proof) -> str:
    return f"{subnet} cannot reach {target}: {proof.reason}"
