"""KMS: ListGrants answers with grants and whether there are more, and counts none.

moto 5.2.5 adds a member ``GrantCount``.
https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html
"""

import json
from typing import Any

from moto.kms.responses import KmsResponse

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the lists."""
    for name in ("list_grants", "list_retirable_grants"):

        @around(KmsResponse, name)
        def listed(original: Any, response: Any) -> str:
            answer = json.loads(original(response))
            answer.pop("GrantCount", None)
            return json.dumps(answer)
