"""An environment as GetEnvironment describes it, for tests that need no emulated AWS."""

from __future__ import annotations

from typing import Any

from mwaa.service.api_names import LOG_MEMBERS
from rehearsal.airflow.specification import Specification

ENDPOINT = "http://127.0.0.1:5000"
ACCOUNT, SERVICE = "123456789012", "765432109876"


def specification(**changes: Any) -> Specification:
    """A small one; ``changes`` are members of the Environment structure."""
    found = {
        "Name": "etl",
        "Arn": f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/etl",
        "AirflowVersion": "2.10.3",
        "EnvironmentClass": "mw1.small",
        "Schedulers": 2,
        "MinWorkers": 1,
        "MaxWorkers": 3,
        "SourceBucketArn": "arn:aws:s3:::airflow-etl",
        "DagS3Path": "dags",
        "RequirementsS3Path": "requirements.txt",
        "RequirementsS3ObjectVersion": "v1",
        "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
        "CeleryExecutorQueue": f"arn:aws:sqs:us-east-1:{SERVICE}:airflow-celery-1",
        "LoggingConfiguration": {
            member: {"Enabled": True, "LogLevel": "INFO"} for member in LOG_MEMBERS.values()
        },
        "Status": "AVAILABLE",
    }
    return Specification(found | changes, ENDPOINT)
