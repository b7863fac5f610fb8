"""A real boto3 client of MWAA whose HTTP session ends at a ``Model``, errors in AWS's form."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from ops.aws import AwsSession
from ops.target import Target
from tests.ops.airflow.model import Model, RefusedByAirflowError
from tests.ops.faults import Body

ARN = "arn:aws:airflow:us-east-1:123456789012:environment/prod"


class Session:
    """Answers InvokeRestApi and GetEnvironment as the service does."""

    def __init__(self, model: Model, describe: Callable[[], dict[str, Any]]) -> None:
        self.model, self.describe = model, describe
        self.failures: list[tuple[int, str]] = []
        """Status and error code that the next requests get instead of an answer."""

    def send(self, request: Any) -> AWSResponse:
        """Answer one request."""
        if self.failures:
            status, code = self.failures.pop(0)
            return _response(request, status, {"message": "later"}, code)
        path = unquote(urlsplit(request.url).path)
        if path.startswith("/environments/"):
            return _response(request, 200, {"Environment": _wire(self.describe())})
        try:
            status, document = self.model.answer(json.loads(request.body))
        except RefusedByAirflowError as refused:
            kind = "RestApiServerException" if refused.status >= 500 else "RestApiClientException"
            answer = {"RestApiStatusCode": refused.status, "RestApiResponse": refused.document}
            return _response(request, 400, answer, kind)
        return _response(request, 200, {"RestApiStatusCode": status, "RestApiResponse": document})

    def close(self) -> None:
        """Nothing is open."""


def _wire(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if name != "CreatedAt"}


def _response(request: Any, status: int, document: Any, code: str = "") -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/json"
    if code:
        headers["x-amzn-ErrorType"] = code
    return AWSResponse(request.url, status, headers, Body(json.dumps(document).encode()))


def client(model: Model, describe: Callable[[], dict[str, Any]]) -> Any:
    """A client of MWAA with the retries of the verbs."""
    made: Any = boto3.client(
        "mwaa",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 8}),
    )
    made._endpoint.http_session = Session(model, describe)
    return made


def target(model: Model, s3: Any = None, bucket: str = "airflow-prod", **facts: Any) -> Target:
    """The environment ``prod`` of that Airflow, its bucket in ``s3``."""
    description: Any = {
        "Name": "prod",
        "Arn": ARN,
        "Status": "AVAILABLE",
        "AirflowVersion": "2.10.3" if model.api == 1 else "3.2.1",
        "SourceBucketArn": f"arn:aws:s3:::{bucket}",
        **facts,
    }
    account = AwsSession(region="us-east-1")
    account.__dict__["mwaa"] = client(model, lambda: description)
    account.__dict__["s3"] = s3
    return Target(account, "prod", description)
