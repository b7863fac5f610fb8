"""Which broken rule explains another one: what to repair first, and what may then go by itself.

A relation says that the first can bring about the second, not that it did. Names are those of rules
without ``mwaa-``. The table has no circles.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

_NETWORK: Final = (
    "network-acls-pass",
    "network-dhcp-resolver",
    "network-endpoint-groups-admit-https",
    "network-endpoint-policies-allow",
    "network-endpoint-private-dns",
    "network-endpoints-available",
    "network-everything-reachable",
    "network-mwaa-endpoints-present",
    "network-reaches-itself",
    "network-required-endpoints",
    "network-vpc-dns-enabled",
)
_KEY: Final = (
    "encryption-grants-present",
    "encryption-key-usable",
    "encryption-policy-keeps-administrators",
    "encryption-policy-serves-logs",
)
_ROLE: Final = (
    "identity-may-use-customer-key",
    "identity-may-use-queue",
    "identity-may-use-service-key",
    "identity-may-write-logs",
    "identity-trust-both-principals",
    "identity-trust-bound-to-environment",
)
_FILES: Final = ("logs-requirements-installed", "logs-startup-script-succeeded")
_BUCKET: Final = (
    "identity-may-read-bucket",
    "storage-pinned-versions-exist",
    "storage-policy-admits-role",
    "storage-public-access-blocked",
    "storage-versioning-enabled",
)
_STARTS: Final = (*_NETWORK, *_KEY, *_ROLE, *_FILES, *_BUCKET)
_BOUNDED: Final = ("identity-boundary-permits",)

_CAUSES: Final[Mapping[str, tuple[str, ...]]] = {
    # What goes nowhere.
    "network-required-endpoints": (
        "network-no-blackhole-route",
        "network-no-internet-gateway-route",
        "network-subnets-route-alike",
    ),
    "network-everything-reachable": (
        "network-acls-pass",
        "network-dhcp-resolver",
        "network-endpoint-groups-admit-https",
        "network-endpoint-private-dns",
        "network-endpoints-available",
        "network-no-blackhole-route",
        "network-no-internet-gateway-route",
        "network-one-vpc",
        "network-reaches-itself",
        "network-required-endpoints",
        "network-s3-gateway-serves-subnets",
        "network-s3-interface-dns",
        "network-subnets-route-alike",
        "network-vpc-dns-enabled",
    ),
    "network-endpoint-policies-allow": (
        "encryption-key-in-account",
        "encryption-key-in-region",
    ),
    "network-mwaa-endpoints-present": ("network-endpoints-available",),
    "network-no-way-out": ("network-no-internet-gateway-route", "network-subnets-route-alike"),
    "network-older-list-of-endpoints": ("network-required-endpoints",),
    "network-reaches-itself": ("network-acls-pass", "network-customer-endpoints-declared"),
    "network-secrets-reachable": ("network-everything-reachable",),
    # What may not be done.
    "encryption-bucket-uses-key": (
        "encryption-customer-key",
        "encryption-key-in-account",
        "encryption-key-in-region",
        "encryption-key-named-by-arn",
    ),
    "identity-deployer-rights": ("storage-same-account",),
    "identity-may-list-log-streams": _BOUNDED,
    "identity-may-publish-metrics": _BOUNDED,
    "identity-may-put-metrics": _BOUNDED,
    "identity-may-read-bucket": (*_BOUNDED, "storage-name-plain", "storage-policy-admits-role"),
    "identity-may-read-secrets": _BOUNDED,
    "identity-may-use-customer-key": (
        *_BOUNDED,
        "encryption-key-usable",
        "encryption-policy-keeps-administrators",
    ),
    "identity-may-use-queue": (*_BOUNDED, "network-endpoint-policies-allow"),
    "identity-may-use-service-key": ("encryption-customer-key",),
    "identity-may-write-logs": _BOUNDED,
    # What is seen of it.
    "environment-interfaces-present": ("environment-status-available",),
    "environment-last-update-succeeded": _STARTS,
    "environment-status-available": (*_STARTS, "environment-last-update-succeeded"),
    "environment-queue-moves": (*_STARTS, "environment-worker-heartbeat"),
    "environment-scheduler-heartbeat": (
        *_STARTS,
        "environment-status-available",
        "identity-may-publish-metrics",
        "identity-may-put-metrics",
        "logs-components-run",
    ),
    "environment-worker-heartbeat": (
        *_STARTS,
        "environment-status-available",
        "identity-may-publish-metrics",
        "identity-may-put-metrics",
        "logs-components-run",
    ),
    "logs-components-run": (*_NETWORK, *_KEY, *_ROLE, *_FILES, *_BUCKET),
    "logs-events-arrive": (
        "encryption-key-usable",
        "encryption-policy-serves-logs",
        "environment-status-available",
        "identity-may-list-log-streams",
        "identity-may-write-logs",
        "logs-all-five-enabled",
        "logs-group-arns-match",
        "network-endpoint-policies-allow",
        "network-everything-reachable",
        "network-required-endpoints",
    ),
    "logs-group-arns-match": ("logs-groups-declared",),
    "logs-groups-declared": ("logs-group-names-exact",),
    # What is delivered.
    "delivery-requirements-files-present": ("delivery-plugins-at-root",),
    "delivery-requirements-offline": ("delivery-requirements-from-index",),
    "logs-requirements-installed": (
        "delivery-plugins-at-root",
        "delivery-requirements-files-present",
        "delivery-requirements-offline",
        "delivery-wheels-fit",
    ),
    "logs-startup-script-succeeded": (
        "delivery-startup-script-lets-containers-start",
        "delivery-startup-script-offline",
        "delivery-startup-script-parses",
    ),
    "environment-lazy-plugins-off": ("environment-version-not-ending",),
    "environment-dags-import": ("logs-requirements-installed",),
    "storage-policy-not-public": ("storage-public-access-blocked",),
}


def causes_of(rule: str) -> frozenset[str]:
    """Every rule that can bring about that this one is broken, by any number of steps."""
    return frozenset(f"mwaa-{name}" for name in _all_causes(rule.removeprefix("mwaa-")))


@cache
def _all_causes(name: str) -> frozenset[str]:
    direct = _CAUSES.get(name, ())
    return frozenset(direct).union(*map(_all_causes, direct))


def broken_causes(broken: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each broken rule those of the others that can explain it, in the order given."""
    rules = tuple(broken)
    return {rule: tuple(one for one in rules if one in causes_of(rule)) for rule in rules}
