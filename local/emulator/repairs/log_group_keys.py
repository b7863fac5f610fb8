"""CloudWatch Logs: AssociateKmsKey and DisassociateKmsKey, which moto 5.2.5 does not have.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
"""

import re
from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

_GROUP_ARN = re.compile(r"arn:[a-z-]+:logs:[^:]+:\d+:log-group:([^:]+)(:\*)?")


def _group(response: Any) -> Any:
    name = response._get_param("logGroupName")
    match = _GROUP_ARN.fullmatch(response._get_param("resourceIdentifier") or "")
    name = name or (match[1] if match else None)
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return response.logs_backend.groups[name]


def _associate(response: Any) -> str:
    _group(response).kms_key_id = response._get_param("kmsKeyId")
    return ""


def _disassociate(response: Any) -> str:
    _group(response).kms_key_id = None
    return ""


def apply() -> None:
    """Add the two operations where moto has none."""
    for name, operation in (
        ("associate_kms_key", _associate),
        ("disassociate_kms_key", _disassociate),
    ):
        if not hasattr(LogsResponse, name):
            setattr(LogsResponse, name, operation)
