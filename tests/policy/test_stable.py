"""A report says the same in the same order, however the engine registered the resources."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from policy.formats import as_json
from policy.plan.platform import read
from policy.plan.resources import Resource
from policy.rules.catalog import judge
from tests.policy.plan.plans import ENDPOINT, VPC, environment, network, resource, urn

ROOT = Path(__file__).parents[2]
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def plan() -> list[Resource]:
    """A plan in which several rules find something in several resources."""
    services = ("sqs", "logs", "monitoring", "kms")
    return [
        *network(),
        *(
            resource(
                ENDPOINT,
                name,
                {"vpcId": [urn(VPC, "net")]},
                serviceName=f"com.amazonaws.us-east-1.{name}",
                vpcEndpointType="Interface",
                privateDnsEnabled=False,
            )
            for name in services
        ),
        *(resource(LOG_GROUP, name, name=f"airflow-prod-{name}") for name in ("Task", "Worker")),
        environment(),
    ]


def report(resources: list[Resource]) -> str:
    (reading,) = read(resources, now=0)
    return as_json(judge(reading.platform))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_registration_changes_nothing(seed: int) -> None:
    shuffled = plan()
    expected = report(shuffled)
    assert expected.count('"verdict": "fail"') > 10
    order = random.Random(seed)  # noqa: S311 - an order, no secret
    order.shuffle(shuffled)
    again = [
        replace(
            one,
            dependencies=tuple(order.sample(one.dependencies, len(one.dependencies))),
            property_dependencies={
                key: tuple(order.sample(urns, len(urns)))
                for key, urns in one.property_dependencies.items()
            },
        )
        for one in shuffled
    ]
    assert report(again) == expected


def test_the_seed_of_pythons_hashes_changes_nothing(tmp_path: Path) -> None:
    states = [
        {
            "urn": one.urn,
            "type": one.type,
            "inputs": {k: v for k, v in one.props.items() if isinstance(v, str | bool)},
            "dependencies": one.dependencies,
            "propertyDependencies": one.property_dependencies,
        }
        for one in plan()
    ]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"steps": [{"newState": state} for state in states]}))
    printed = {
        subprocess.run(
            [sys.executable, "-m", "policy.report", str(file), "--format", "sarif"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1 and "mwaa-environment" in printed.pop()
