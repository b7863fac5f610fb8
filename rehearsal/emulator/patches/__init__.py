"""Small guarded patches of what moto leaves hollow, one file per patch.

Each module has ``apply()`` and a docstring that says what AWS does, where that is written, and
what moto does instead. Tests show the behavior, and fail when moto has it by itself.
"""

from rehearsal.emulator.patches import dispatch, log_group_keys, service_quotas
from rehearsal.emulator.patches.ec2 import (
    dead_routes,
    endpoint_interfaces,
    endpoint_routes,
    endpoint_services,
    in_use,
    rule_descriptions,
)
from rehearsal.emulator.patches.iam import managed_policies, policy_simulator, root_caller
from rehearsal.emulator.patches.kms import key_rotation, key_rules
from rehearsal.emulator.patches.s3 import bucket_owner, bucket_policy, object_keys

PATCHES = (
    bucket_owner,
    bucket_policy,
    dead_routes,
    dispatch,
    # Inner before outer: services are checked before interfaces are made.
    endpoint_interfaces,
    endpoint_routes,
    endpoint_services,
    in_use,
    key_rotation,
    key_rules,
    log_group_keys,
    managed_policies,
    object_keys,
    policy_simulator,
    root_caller,
    rule_descriptions,
    service_quotas,
)

_applied: list[str] = []


def apply_all() -> None:
    """Apply every patch once in this process."""
    for patch in PATCHES:
        if patch.__name__ not in _applied:
            patch.apply()
            _applied.append(patch.__name__)
