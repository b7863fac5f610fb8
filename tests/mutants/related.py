"""Rules that rightly fall together: the same broken thing breaks both.

Reachability is the sum of routes, groups, ACLs, DNS and endpoints; a permission is the sum of
policies, boundaries and endpoint policies; much hangs on a name or a region; and an environment
that is down is silent. A relation that no mutant needs does not stay: the trial says so.
"""

from __future__ import annotations

RELATED: dict[str, frozenset[str]] = {
    "mwaa-delivery-plugins-at-root": frozenset({"mwaa-delivery-requirements-files-present"}),
    "mwaa-delivery-requirements-from-index": frozenset({"mwaa-delivery-requirements-offline"}),
    "mwaa-encryption-customer-key": frozenset(
        {"mwaa-encryption-bucket-uses-key", "mwaa-identity-may-use-service-key"}
    ),
    "mwaa-encryption-key-in-account": frozenset(
        {"mwaa-encryption-bucket-uses-key", "mwaa-network-endpoint-policies-allow"}
    ),
    "mwaa-encryption-key-in-region": frozenset(
        {"mwaa-encryption-bucket-uses-key", "mwaa-network-endpoint-policies-allow"}
    ),
    "mwaa-encryption-key-named-by-arn": frozenset({"mwaa-encryption-bucket-uses-key"}),
    "mwaa-encryption-policy-keeps-administrators": frozenset(
        {"mwaa-identity-may-use-customer-key"}
    ),
    "mwaa-environment-access-mode-explicit": frozenset({"mwaa-network-webserver-private"}),
    "mwaa-environment-last-update-succeeded": frozenset({"mwaa-environment-status-available"}),
    "mwaa-environment-name-valid": frozenset(
        {
            "mwaa-environment-alarms-exist",
            "mwaa-identity-may-list-log-streams",
            "mwaa-identity-may-publish-metrics",
            "mwaa-identity-may-write-logs",
            "mwaa-identity-trust-both-principals",
            "mwaa-logs-groups-declared",
            "mwaa-network-endpoint-policies-allow",
        }
    ),
    "mwaa-environment-region-supported": frozenset(
        {
            "mwaa-encryption-key-in-region",
            "mwaa-identity-may-list-log-streams",
            "mwaa-identity-may-publish-metrics",
            "mwaa-identity-may-use-queue",
            "mwaa-identity-may-write-logs",
            "mwaa-identity-trust-both-principals",
            "mwaa-network-endpoint-policies-allow",
            "mwaa-network-everything-reachable",
            "mwaa-network-older-list-of-endpoints",
            "mwaa-network-required-endpoints",
            "mwaa-storage-same-region",
        }
    ),
    "mwaa-environment-status-available": frozenset(
        {
            "mwaa-environment-last-update-succeeded",
            "mwaa-environment-scheduler-heartbeat",
            "mwaa-environment-worker-heartbeat",
        }
    ),
    "mwaa-environment-version-not-ending": frozenset({"mwaa-environment-lazy-plugins-off"}),
    "mwaa-identity-boundary-permits": frozenset(
        {
            "mwaa-identity-may-list-log-streams",
            "mwaa-identity-may-publish-metrics",
            "mwaa-identity-may-put-metrics",
            "mwaa-identity-may-read-secrets",
            "mwaa-identity-may-use-customer-key",
            "mwaa-identity-may-use-queue",
            "mwaa-identity-may-write-logs",
        }
    ),
    "mwaa-identity-environment-after-policies": frozenset(
        {"mwaa-logs-groups-before-environment", "mwaa-storage-environment-after-bucket"}
    ),
    "mwaa-identity-may-use-service-key": frozenset(
        {"mwaa-encryption-bucket-uses-key", "mwaa-encryption-customer-key"}
    ),
    "mwaa-logs-group-arns-match": frozenset({"mwaa-logs-groups-declared"}),
    "mwaa-logs-group-names-exact": frozenset({"mwaa-logs-groups-declared"}),
    "mwaa-logs-groups-before-environment": frozenset(
        {"mwaa-identity-environment-after-policies", "mwaa-storage-environment-after-bucket"}
    ),
    "mwaa-logs-groups-declared": frozenset({"mwaa-logs-group-arns-match"}),
    "mwaa-network-acls-pass": frozenset(
        {"mwaa-network-everything-reachable", "mwaa-network-reaches-itself"}
    ),
    "mwaa-network-customer-endpoints-declared": frozenset({"mwaa-network-reaches-itself"}),
    "mwaa-network-endpoint-groups-admit-https": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-endpoint-policies-allow": frozenset({"mwaa-identity-may-use-queue"}),
    "mwaa-network-endpoint-private-dns": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-endpoints-available": frozenset({"mwaa-network-mwaa-endpoints-present"}),
    "mwaa-network-no-internet-gateway-route": frozenset({"mwaa-network-no-way-out"}),
    "mwaa-network-one-vpc": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-required-endpoints": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-s3-gateway-serves-subnets": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-s3-interface-dns": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-network-subnets-route-alike": frozenset({"mwaa-network-no-way-out"}),
    "mwaa-network-vpc-dns-enabled": frozenset({"mwaa-network-everything-reachable"}),
    "mwaa-storage-environment-after-bucket": frozenset(
        {"mwaa-identity-environment-after-policies", "mwaa-logs-groups-before-environment"}
    ),
    "mwaa-storage-same-account": frozenset({"mwaa-identity-deployer-rights"}),
    "mwaa-storage-name-plain": frozenset(
        {
            "mwaa-identity-may-read-bucket",
            "mwaa-network-endpoint-policies-allow",
            "mwaa-storage-tls-only",
        }
    ),
    "mwaa-storage-policy-admits-role": frozenset({"mwaa-identity-may-read-bucket"}),
    "mwaa-storage-policy-not-public": frozenset({"mwaa-storage-public-access-blocked"}),
}
