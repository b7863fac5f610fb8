"""Environments that are named by a path of SSM parameters."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from ops.aws import AwsSession
from ops.errors import RefusedError
from ops.target import name_of


class Account:
    """Stands in for a session in an account with one parameter."""

    region_name = "eu-west-1"

    def __init__(self, code: str = "ParameterNotFound") -> None:
        self.code = code

    def client(self, service: str) -> "Account":
        assert service == "ssm"
        return self

    def get_parameter(self, *, Name: str) -> dict[str, Any]:  # noqa: N803 - the API's spelling
        if Name != "/mwaa/prod/environmentName":
            raise ClientError({"Error": {"Code": self.code}}, "GetParameter")
        return {"Parameter": {"Value": "orders"}}


def session(code: str = "ParameterNotFound") -> AwsSession:
    return cast(AwsSession, Account(code))


def test_a_name_is_a_name_and_a_path_leads_to_one() -> None:
    assert name_of(session(), "prod") == "prod"
    assert name_of(session(), "ssm:/mwaa/prod") == name_of(session(), "ssm:/mwaa/prod/") == "orders"


def test_a_path_without_a_parameter_says_which_setting_writes_it() -> None:
    with pytest.raises(RefusedError, match=r"no parameter /mwaa/dev/environmentName in eu-west-1"):
        name_of(session(), "ssm:/mwaa/dev")
    with pytest.raises(RefusedError, match=r"ssm:/mwaa/prod"):
        name_of(session(), "ssm:mwaa/prod")


def test_a_missing_right_stays_aws_own_answer() -> None:
    with pytest.raises(ClientError):
        name_of(session("AccessDeniedException"), "ssm:/mwaa/dev")
