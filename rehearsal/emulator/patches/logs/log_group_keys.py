"""CloudWatch Logs: AssociateKmsKey and DisassociateKmsKey, and a look at the key.

moto 5.2.5 has neither operation, and takes any key for a log group; the service asks the key's
policy. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

import json
import re
from typing import Any

from moto.kms.models import kms_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.responses import LogsResponse

from mwaa.model.platform import Key
from policy.analysis.iam.kms import logs_may_use
from rehearsal.emulator.patches.seam import around

_GROUP_ARN = re.compile(r"arn:[a-z-]+:logs:[^:]+:\d+:log-group:([^:]+)(:\*)?")


def _group(response: Any) -> Any:
    name = response._get_param("logGroupName")
    match = _GROUP_ARN.fullmatch(response._get_param("resourceIdentifier") or "")
    name = name or (match[1] if match else None)
    if name not in response.logs_backend.groups:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return response.logs_backend.groups[name]


def _check(response: Any, name: str, wanted: str | None) -> None:
    if not wanted:
        return
    group = (
        f"arn:{response.partition}:logs:{response.region}:{response.current_account}:"
        f"log-group:{name}"
    )
    keys = kms_backends[response.current_account][response.region].keys
    key = keys.get(wanted.rpartition("/")[2])
    usable = False
    if key is not None and key.key_state == "Enabled":
        record = Key(id=key.arn, arn=key.arn, policy=json.loads(key.policy), grants=())
        usable = not logs_may_use(record, region=response.region, log_group_arn=group).failed
    if not usable:
        # Wording: https://github.com/LBHackney-IT/Data-Platform/pull/1765
        raise InvalidParameterException(
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
        )


def _associate(response: Any) -> str:
    group, wanted = _group(response), response._get_param("kmsKeyId")
    _check(response, group.name, wanted)
    group.kms_key_id = wanted
    return ""


def _disassociate(response: Any) -> str:
    _group(response).kms_key_id = None
    return ""


def apply() -> None:
    """Add the two operations where moto has none, and look at the key of a new group."""
    for name, operation in (
        ("associate_kms_key", _associate),
        ("disassociate_kms_key", _disassociate),
    ):
        if not hasattr(LogsResponse, name):
            setattr(LogsResponse, name, operation)

    @around(LogsResponse, "create_log_group")
    def create(original: Any, response: Any) -> Any:
        wanted = response._get_param("kmsKeyId")
        _check(response, response._get_param("logGroupName"), wanted)
        return original(response)
