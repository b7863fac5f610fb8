"""The environment: every input in its place, and nothing that would replace it unseen."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from botocore.session import Session
from pulumi._types import input_type_py_to_pulumi_names
from pulumi_aws import mwaa as service

from components.environment import _UPDATABLE, AirflowEnvironment, AirflowEnvironmentArgs
from components.storage import Artifact
from mwaa.names import Names
from mwaa.service.api_names import property_name
from mwaa.service.classes import Sizing
from mwaa.settings.replacement import Guards

ENVIRONMENT = "aws:mwaa/environment:Environment"
SIZING = Sizing(min_workers=2, max_workers=8, schedulers=3, min_webservers=2, max_webservers=4)
GUARDS = Guards(
    name="orders",
    subnets=("eu-west-1a 10.0.0.0/20", "eu-west-1b 10.0.16.0/20"),
    key="customer-managed",
    endpoint_management="SERVICE",
    airflow_version="2.10.3",
)

INPUTS = set(input_type_py_to_pulumi_names(service.EnvironmentArgs).values())
"""What the published provider takes, by its names."""
NEVER_GIVEN = {"region": "it is the provider's, so that a stack is in one region"}


def environment(names: Names, **args: Any) -> AirflowEnvironment:
    given = {
        "airflow_version": "2.10.3",
        "sizing": SIZING,
        "role_arn": "arn:role",
        "bucket_arn": names.bucket_arn,
        "dag_path": "dags",
        "subnet_ids": ["subnet-1", "subnet-2"],
        "security_group_ids": ["sg-1"],
    }
    return AirflowEnvironment("env", AirflowEnvironmentArgs(names=names, **{**given, **args}))


def test_every_choice_reaches_the_service(build: Any, names: Names) -> None:
    def version(kind: str) -> Artifact:
        return Artifact(f"{kind}.file", pulumi.Output.from_input(f"v-{kind}"))

    made = build(
        lambda: environment(
            names,
            environment_class="mw1.large",
            key_arn="arn:key",
            requirements=version("requirements"),
            plugins=version("plugins"),
            startup_script=version("startup"),
            maintenance_window="SUN:03:30",
            endpoint_management="CUSTOMER",
            worker_replacement_strategy="FORCED",
            log_levels={"task": "WARNING", "webserver": None},
            options={"core.parallelism": "64"},
            tags={"team": "data"},
        )
    )
    given = {*made.one(ENVIRONMENT).inputs, *NEVER_GIVEN}
    assert not (forgotten := INPUTS - given), (
        f"{forgotten}: give it to aws.mwaa.Environment in components/environment.py, or say in "
        "NEVER_GIVEN here why not"
    )
    info = {"enabled": True, "logLevel": "INFO"}
    assert made.one(ENVIRONMENT, "env-environment").inputs == {
        "name": "orders",
        "airflowVersion": "2.10.3",
        "environmentClass": "mw1.large",
        "minWorkers": 2,
        "maxWorkers": 8,
        "schedulers": 3,
        "minWebservers": 2,
        "maxWebservers": 4,
        "executionRoleArn": "arn:role",
        "kmsKey": "arn:key",
        "sourceBucketArn": names.bucket_arn,
        "dagS3Path": "dags",
        "requirementsS3Path": "requirements.file",
        "requirementsS3ObjectVersion": "v-requirements",
        "pluginsS3Path": "plugins.file",
        "pluginsS3ObjectVersion": "v-plugins",
        "startupScriptS3Path": "startup.file",
        "startupScriptS3ObjectVersion": "v-startup",
        "networkConfiguration": {
            "subnetIds": ["subnet-1", "subnet-2"],
            "securityGroupIds": ["sg-1"],
        },
        "loggingConfiguration": {
            "dagProcessingLogs": info,
            "schedulerLogs": info,
            "taskLogs": {"enabled": True, "logLevel": "WARNING"},
            "webserverLogs": {"enabled": False, "logLevel": "INFO"},
            "workerLogs": info,
        },
        "webserverAccessMode": "PRIVATE_ONLY",
        "endpointManagement": "CUSTOMER",
        "airflowConfigurationOptions": {"core.parallelism": "64"},
        "weeklyMaintenanceWindowStart": "SUN:03:30",
        "workerReplacementStrategy": "FORCED",
        "tags": {"team": "data"},
    }


def test_adoption_sets_aside_exactly_what_an_update_can_change() -> None:
    model: Any = Session().get_service_model("mwaa")
    update = model.operation_model("UpdateEnvironment").input_shape.members
    network = {property_name(member) for member in update["NetworkConfiguration"].members}
    expected = {
        *(name for name in INPUTS if name in map(property_name, update)),
        *(f"networkConfiguration.{member}" for member in network),
        # Tags have a call of their own.
        *("tags", "tagsAll"),
    } - {"name", "networkConfiguration"}
    assert set(_UPDATABLE) == expected, (
        "_UPDATABLE in components/environment.py names what UpdateEnvironment takes, and no more: "
        f"{set(_UPDATABLE) ^ expected}"
    )


def test_it_is_private_unless_chosen_otherwise(build: Any, names: Names) -> None:
    inputs = build(lambda: environment(names)).one(ENVIRONMENT).inputs
    assert inputs["webserverAccessMode"] == "PRIVATE_ONLY"
    assert not {"kmsKey", "airflowConfigurationOptions", "requirementsS3Path"} & set(inputs)


def test_a_strategy_is_sent_only_when_given(build: Any, names: Names) -> None:
    # By itself it would be an update of nothing else after every create.
    assert (
        "workerReplacementStrategy" not in build(lambda: environment(names)).one(ENVIRONMENT).inputs
    )


def test_timeouts_leave_room_for_graceful_updates(build: Any, names: Names) -> None:
    timeouts = build(lambda: environment(names)).one(ENVIRONMENT).request.customTimeouts
    assert (timeouts.create, timeouts.update, timeouts.delete) == ("240m", "840m", "120m")


def test_it_waits_for_what_mwaa_validates(build: Any, names: Names) -> None:
    def program() -> None:
        group = pulumi.ComponentResource("test:x:Rules", "rules")
        rule = pulumi.CustomResource(
            "test:x:Rule", "rule", {}, pulumi.ResourceOptions(parent=group)
        )
        environment(names, prerequisites=[group])
        assert rule is not None

    made = build(program)
    # A component stands for its children: MWAA validates those.
    assert made.one("test:x:Rule").urn in made.one(ENVIRONMENT).depends_on


@pytest.mark.parametrize(
    ("protect", "force_destroy", "protected"),
    [(True, False, True), (True, True, True), (False, False, True), (False, True, False)],
)
def test_only_both_keys_unprotect_it(
    build: Any, names: Names, protect: bool, force_destroy: bool, protected: bool
) -> None:
    made = build(lambda: environment(names, protect=protect, force_destroy=force_destroy))
    assert made.one(ENVIRONMENT).request.protect is protected


def test_hooks_are_bound_to_the_environment(build: Any, names: Names) -> None:
    def look(_: pulumi.ResourceHookArgs) -> None:
        return None

    def program() -> None:
        hook = pulumi.ResourceHook("look", look)
        environment(names, hooks=pulumi.ResourceHookBinding(before_create=[hook]))

    request = build(program).one(ENVIRONMENT).request
    assert list(request.hooks.before_create) == ["look"]


def test_option_values_are_secret_wherever_they_go(build: Any, names: Names) -> None:
    made = build(lambda: environment(names, options={"smtp.smtp_host": "canary-7f3a"}))
    sent = json.loads(made.one(ENVIRONMENT).wire)["object"]["airflowConfigurationOptions"]
    assert sent["4dabf18193072939515e22adb298388d"] == "1b47061264138c4ac30d75fd1eb44270"
    assert sent["value"] == {"smtp.smtp_host": "canary-7f3a"}
    assert made.wire().count("canary-7f3a") == 1


def test_the_address_has_a_scheme_whatever_the_service_answers(build: Any, names: Names) -> None:
    seen: list[str] = []
    build(lambda: environment(names).webserver_url.apply(seen.append))
    assert seen == ["https://abc-vpce.c2.eu-west-1.airflow.amazonaws.com"]


def previous(**changes: Any) -> dict[str, Any]:
    return GUARDS.export(key_arn="arn:key", subnet_ids=["subnet-1", "subnet-2"]) | changes


@pytest.mark.parametrize("as_output", [False, True])
def test_a_replacement_is_refused_before_the_environment_is_registered(
    build: Any, cloud: Any, names: Names, as_output: bool
) -> None:
    old: Mapping[str, Any] = previous(name="invoices")
    given = (lambda: pulumi.Output.from_input(old)) if as_output else (lambda: old)
    with pytest.raises(pulumi.RunError) as refusal:
        build(lambda: environment(names, guards=GUARDS, previous=given()))
    text = str(refusal.value)
    assert all(w in text for w in ("environmentName", "invoices", "orders", "allowReplacement"))
    assert not cloud.recording.of(ENVIRONMENT)


@pytest.mark.parametrize(
    ("old", "allowed"),
    [(None, False), (previous(), False), (previous(name="invoices"), True)],
)
def test_what_replaces_nothing_or_is_allowed_goes_on(
    build: Any, names: Names, old: dict[str, Any] | None, allowed: bool
) -> None:
    made = build(lambda: environment(names, guards=GUARDS, previous=old, allow_replacement=allowed))
    assert made.one(ENVIRONMENT).inputs["name"] == "orders"


def test_an_adopted_environment_is_left_as_it_is(build: Any, names: Names) -> None:
    request = build(lambda: environment(names, adopt=True)).one(ENVIRONMENT).request
    assert request.importId == "orders"
    ignored = set(request.ignoreChanges)
    assert {"maxWorkers", "networkConfiguration.securityGroupIds", "airflowVersion"} <= ignored
    # A difference in what can never change must refuse the import.
    fixed = {"name", "kmsKey", "endpointManagement", "networkConfiguration.subnetIds"}
    assert not ignored & {*fixed, "networkConfiguration"}


def test_a_created_environment_ignores_only_artifacts_that_it_was_never_given(
    build: Any, names: Names
) -> None:
    given = Artifact("plugins.zip", pulumi.Output.from_input("v-1"))
    request = build(lambda: environment(names, plugins=given)).one(ENVIRONMENT).request
    assert request.importId == ""
    assert set(request.ignoreChanges) == {
        f"{kind}S3{part}"
        for kind in ("requirements", "startupScript")
        for part in ("Path", "ObjectVersion")
    }
