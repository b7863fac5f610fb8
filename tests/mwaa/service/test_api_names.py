"""The names of an environment's members, against the model of the API."""

from typing import Any

from botocore.session import Session

from mwaa.service.api_names import LOG_MEMBERS, PROPERTIES

MODEL: Any = Session().get_service_model("mwaa")
# Members that are no plain values of one environment, or none that the provider can give.
OTHERWISE = {
    "Name": "it is how the environment is found",
    "LoggingConfiguration": "a structure: LOG_MEMBERS",
    "NetworkConfiguration": "a structure",
    "Tags": "they have calls of their own",
    "WorkerReplacementStrategy": "part of an update, no member of an environment",
    "IdentityCenterConfiguration": "the published provider has no input for it (read 2026-11-27)",
    "Teams": "the published provider has no input for it (read 2026-11-27)",
}


def members(operation: str) -> set[str]:
    return set(MODEL.operation_model(operation).input_shape.members)


def test_every_member_of_an_environment_has_a_name() -> None:
    asked = members("CreateEnvironment") | members("UpdateEnvironment")
    named = {*PROPERTIES.values(), *OTHERWISE}
    assert asked == named, (
        f"{asked ^ named}: add it to _PLAIN in mwaa/service/api_names.py, or say in OTHERWISE here "
        "what it is"
    )


def test_every_logging_module_has_a_name() -> None:
    asked = MODEL.shape_for("LoggingConfigurationInput").members
    assert set(asked) == set(LOG_MEMBERS.values())
