"""Outputs as SSM parameters: names below the prefix, plain values, nothing empty."""

from typing import Any

import pulumi
import pytest

from components.outputs import parameter_values
from components.parameters import StackParameters, StackParametersArgs
from mwaa.settings.outputs import NAMES, PARAMETERS

PARAMETER = "aws:ssm/parameter:Parameter"


def outputs(**changes: Any) -> dict[str, Any]:
    """Outputs of a stack: one of each kind, the others a text."""
    given = dict.fromkeys(NAMES, "text") | {
        "subnetIds": pulumi.Output.from_input(["subnet-a", "subnet-b"]),
        "logGroupNames": {"task": pulumi.Output.from_input("airflow-prod-Task")},
    }
    return given | changes


def test_each_value_is_one_parameter_below_the_prefix(build: Any) -> None:
    values = parameter_values(outputs())
    made = build(
        lambda: StackParameters(
            "p", StackParametersArgs(prefix="/mwaa/prod", values=values, tags={"team": "data"})
        )
    )
    found = {r.inputs["name"]: r.inputs for r in made.of(PARAMETER)}
    assert found["/mwaa/prod/subnetIds"]["insecureValue"] == "subnet-a,subnet-b"
    assert found["/mwaa/prod/logGroupNames/task"]["insecureValue"] == "airflow-prod-Task"
    assert {one["type"] for one in found.values()} == {"String"}
    assert {one["tags"]["team"] for one in found.values()} == {"data"}
    assert {name.split("/")[3] for name in found} == set(PARAMETERS)
    component = made.one("mwaa:components:StackParameters")
    assert all(r.parent == component.urn for r in made.of(PARAMETER))


def test_what_is_empty_or_not_known_by_the_program_is_left_out() -> None:
    assert "kmsKeyArn" not in parameter_values(outputs(kmsKeyArn=""))
    assert "webserverUrl" not in parameter_values(outputs(endpointManagement="CUSTOMER"))
    assert set(PARAMETERS) <= set(NAMES)


@pytest.mark.parametrize("prefix", ["mwaa", "/mwaa/"])
def test_a_prefix_is_a_path(build: Any, prefix: str) -> None:
    with pytest.raises(pulumi.RunError, match="begin with a slash"):
        build(lambda: StackParameters("p", StackParametersArgs(prefix=prefix, values={})))
