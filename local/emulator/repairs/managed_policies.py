"""IAM: AWS's own policies are parsed once, not once per account.

moto 5.2.5 parses more than a thousand documents again for every account that is seen, a quarter of
a second each; the service has an account of its own per environment.
"""

import copy
from typing import Any

from moto.iam.models import IAMBackend

_original = IAMBackend._init_aws_policies
_parsed: list[Any] = []


def _init_aws_policies(backend: IAMBackend) -> list[Any]:
    if not _parsed:
        _parsed.extend(_original(backend))
    # Each account counts its own attachments.
    copies = [copy.copy(policy) for policy in _parsed]
    for policy in copies:
        policy.account_id = backend.account_id
    return copies


def apply() -> None:
    """Share the parsed documents between accounts."""
    setattr(IAMBackend, "_init_aws_policies", _init_aws_policies)  # noqa: B010
