"""The recipes for continuous integration: linted, and their commands run as they are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.cli.workspace import ROOT
from tests.e2e.stacks.rehearsal import Rehearsal, Stack
from tests.e2e.stacks.shapes import COMPLIANT, DESTRUCTIBLE, logs_bucket

PREFIX = "/mwaa/isolated"
RECIPES = sorted((ROOT / "examples" / "ci").glob("*.yml"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_is_a_workflow_as_github_reads_it(recipe: Path) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [str(program), "--builtin-schema", "vendor.github-workflows", str(recipe)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    logs_bucket(rehearsal.client("s3"))
    settings = {**COMPLIANT, "ssmPrefix": PREFIX, "lastLook": False, **DESTRUCTIBLE}
    found = rehearsal.stack("isolated", **settings)
    done = found.up(policy=False)
    assert done.code == 0, done.errors or done.text
    yield found
    rehearsal.empty()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_the_commands_of_a_recipe_run(stack: Stack, recipe: Path, tmp_path: Path) -> None:
    (job,) = yaml.safe_load(recipe.read_text(encoding="utf-8"))["jobs"].values()
    steps: list[dict[str, Any]] = [step for step in job["steps"] if "run" in step]
    variables = {"STACK": stack.name, "ENVIRONMENT": stack.name}
    variables |= {"TARGET": f"ssm:{PREFIX}", "FOLDER": "examples"}
    if "pulumi" not in "".join(step["run"] for step in steps):
        # Such a recipe works where nobody installed Pulumi, and knows nothing of its state.
        places = stack.environment["PATH"].split(os.pathsep)
        kept = [place for place in places if not (Path(place) / "pulumi").exists()]
        variables |= {"PATH": os.pathsep.join(kept), "PULUMI_BACKEND_URL": "file:///nowhere"}
    for step in steps:
        if step["name"] == "Install the project":
            continue  # the project is installed where its tests run
        # Results go to a folder of the test's; the stack file of a rehearsal is a copy.
        command = step["run"].replace("> ", f"> {tmp_path}/")
        command = command.replace("policy.report plan.json", f"policy.report {tmp_path}/plan.json")
        command = command.replace("pulumi preview", f"pulumi preview --config-file {stack.file}")
        # Another test imports DAGs with the real Airflow, which takes minutes to install.
        command = command.replace("mwaa preflight", "mwaa preflight --no-import")
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", command],
            cwd=ROOT,
            env={**stack.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    (sarif,) = tmp_path.glob("*.sarif")
    document = json.loads(sarif.read_text(encoding="utf-8"))
    assert document["version"] == "2.1.0"
    assert len(document["runs"][0]["tool"]["driver"]["rules"]) > 25


def test_parameters_say_what_the_outputs_say(rehearsal: Rehearsal, stack: Stack) -> None:
    pages = rehearsal.client("ssm").get_paginator("get_parameters_by_path")
    found = {
        one["Name"].removeprefix(f"{PREFIX}/"): one["Value"]
        for page in pages.paginate(Path=PREFIX, Recursive=True)
        for one in page["Parameters"]
    }
    outputs = stack.outputs()
    for name in (
        "environmentName",
        "environmentArn",
        "bucketName",
        "executionRoleArn",
        "kmsKeyArn",
    ):
        assert found[name] == outputs[name]
    assert found["webserverUrl"] == outputs["webserverUrl"].strip()
    assert found["subnetIds"].split(",") == outputs["subnetIds"]
    assert found["logGroupNames/task"] == outputs["logGroupNames"]["task"]
    assert {name.split("/")[0] for name in found} >= {"accessPolicyArns", "logGroupNames"}
