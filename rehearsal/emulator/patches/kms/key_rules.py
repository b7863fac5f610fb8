"""KMS: key policies are checked when they are put, and keys are found by ARN.

moto 5.2.5 takes ``{}`` as a key policy, and knows keys only by id when it enables or disables
them. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html (the lockout
safety check) and https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
"""

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from mwaa.model.platform import Key
from policy.analysis.iam.kms import delegates_to_account
from policy.analysis.verdict import Verdict
from rehearsal.emulator.patches.seam import around


class _MalformedError(JsonRESTError):
    """400 MalformedPolicyDocumentException."""

    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("MalformedPolicyDocumentException", message)


def _check(response: Any, text: str | None) -> None:
    if text is None:
        return
    try:
        policy = json.loads(text)
    except ValueError:
        raise _MalformedError("The policy is not valid JSON.") from None
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    found = statements if isinstance(statements, list) else [statements]
    if not all(isinstance(item, dict) and {"Effect", "Principal"} <= set(item) for item in found):
        raise _MalformedError("The policy needs statements, each with an effect and a principal.")
    if response._get_bool_param("BypassPolicyLockoutSafetyCheck"):
        return
    arn = f"arn:{response.partition}:kms:{response.region}:{response.current_account}:key/any"
    verdict = delegates_to_account(
        Key(id=arn, arn=arn, policy=policy), response.current_account, partition=response.partition
    )
    if verdict is Verdict.FAIL:
        raise _MalformedError(
            "The new key policy will not allow you to update the key policy in the future."
        )


def apply() -> None:
    """Wrap the two operations that take a policy, and those that take ids only."""
    for operation in ("create_key", "put_key_policy"):

        @around(KmsResponse, operation)
        def put(original: Any, response: Any) -> Any:
            _check(response, response._get_param("Policy"))
            return original(response)

    for name in ("enable_key", "disable_key", "cancel_key_deletion", "schedule_key_deletion"):

        @around(KmsBackend, name)
        def by_arn(original: Any, backend: Any, key_id: str, *args: Any, **more: Any) -> Any:
            return original(backend, backend.get_key_id(key_id), *args, **more)
