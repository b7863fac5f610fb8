"""KMS: GetKeyRotationStatus says how often a key rotates, as EnableKeyRotation set it.

moto 5.2.5 ignores RotationPeriodInDays and answers yes or no.
https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
"""

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.kms.responses import KmsResponse

from rehearsal.emulator.patches.seam import around

DEFAULT, LEAST, MOST = 365, 90, 2560
"""Days: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""


class _RangeError(JsonRESTError):
    """400 ValidationException."""

    code = 400


def apply() -> None:
    """Wrap the two operations."""

    @around(KmsResponse, "enable_key_rotation")
    def enable(original: Any, response: Any) -> Any:
        days = response._get_param("RotationPeriodInDays", DEFAULT)
        if not isinstance(days, int) or not LEAST <= days <= MOST:
            raise _RangeError(
                "ValidationException",
                f"1 validation error detected: Value '{days}' at 'rotationPeriodInDays' failed to "
                f"satisfy constraint: Member must have value between {LEAST} and {MOST}",
            )
        answer = original(response)
        backend = response.kms_backend
        key = backend.keys[backend.get_key_id(response._get_param("KeyId"))]
        key.rotation_period_in_days = days
        return answer

    @around(KmsResponse, "get_key_rotation_status")
    def status(original: Any, response: Any) -> Any:
        answer = json.loads(original(response))
        backend = response.kms_backend
        key = backend.keys[backend.get_key_id(response._get_param("KeyId"))]
        answer["KeyId"] = key.id
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = getattr(key, "rotation_period_in_days", DEFAULT)
        return json.dumps(answer)
