"""Small guarded patches of what moto leaves hollow, one file per patch.

Each module has ``apply()`` and a docstring that says what AWS does, where that is written, and
what moto does instead. Tests show the behavior, and fail when moto has it by itself.
"""

from rehearsal.emulator.patches import dispatch, service_quotas
from rehearsal.emulator.patches.cloudwatch import alarm_states, metric_times
from rehearsal.emulator.patches.ec2 import (
    dead_routes,
    default_group,
    endpoint_interfaces,
    endpoint_names,
    endpoint_policies,
    endpoint_routes,
    endpoint_services,
    flow_log_twins,
    in_use,
    nat_connectivity,
    prefix_lists,
    rule_descriptions,
    service_details,
    shared_vpc,
)
from rehearsal.emulator.patches.iam import (
    identities,
    key_owners,
    linked_role,
    managed_policies,
    policy_simulator,
    root_caller,
    tag_keys,
)
from rehearsal.emulator.patches.kms import grant_lists, key_defaults, key_rotation, key_rules
from rehearsal.emulator.patches.logs import filtered_events, log_group_class, log_group_keys
from rehearsal.emulator.patches.s3 import (
    bucket_defaults,
    bucket_owner,
    bucket_places,
    bucket_policy,
    object_keys,
    suspended_versions,
)
from rehearsal.emulator.patches.sqs import long_poll, queue_owner

PATCHES = (
    alarm_states,
    bucket_defaults,
    bucket_owner,
    bucket_places,
    bucket_policy,
    dead_routes,
    default_group,
    dispatch,
    # Inner before outer: services and policies are checked before interfaces are made.
    endpoint_interfaces,
    endpoint_names,
    endpoint_routes,
    endpoint_policies,
    endpoint_services,
    filtered_events,
    flow_log_twins,
    grant_lists,
    identities,
    in_use,
    key_defaults,
    key_owners,
    key_rotation,
    key_rules,
    linked_role,
    # Inner before outer: a group of a key that is refused is not made.
    log_group_class,
    log_group_keys,
    long_poll,
    managed_policies,
    metric_times,
    nat_connectivity,
    object_keys,
    policy_simulator,
    prefix_lists,
    queue_owner,
    root_caller,
    rule_descriptions,
    service_details,
    service_quotas,
    # Outermost: whose the VPC is comes before what is wrong with the endpoint.
    shared_vpc,
    suspended_versions,
    tag_keys,
)

_applied: list[str] = []


def apply_all() -> None:
    """Apply every patch once in this process."""
    for patch in PATCHES:
        if patch.__name__ not in _applied:
            patch.apply()
            _applied.append(patch.__name__)
