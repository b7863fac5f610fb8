"""One broken fact in what passes the network: endpoints, groups, network ACLs."""

from dataclasses import replace
from typing import Any, cast

from mwaa.model.platform import (
    UNKNOWN,
    AclEntry,
    EndpointService,
    GroupRule,
    HostedZone,
    Platform,
    SecurityGroup,
)
from mwaa.service.endpoints import FULL, REQUIRED
from tests.fixtures import changes
from tests.fixtures.platforms import (
    ACCOUNT,
    BUCKET_ARN,
    KEY_ARN,
    customer_endpoints,
    interface_endpoint,
    service,
)
from tests.policy.rules.cases import (
    Change,
    acl,
    adding,
    endpoint,
    environment,
    group,
    platform,
    record,
    rule_cases,
    running,
    subnet,
    together,
    without,
)

UNREACHABLE = "mwaa-network-everything-reachable"
ITSELF = "mwaa-network-reaches-itself"
OWN = GroupRule(protocol="-1", group="sg-env")
STRANGE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"
HTTPS = GroupRule(protocol="tcp", from_port=443, to_port=443, cidr="10.0.0.0/8")


def entries(*refused: tuple[bool, int]) -> tuple[AclEntry, ...]:
    """An open network ACL that first refuses some TCP ports in one direction."""
    deny = tuple(
        AclEntry(
            number=10 + port % 100,
            egress=egress,
            protocol="6",
            allow=False,
            cidr="0.0.0.0/0",
            from_port=port,
            to_port=port,
        )
        for egress, port in refused
    )
    allow = tuple(
        AclEntry(number=1000, egress=egress, protocol="-1", allow=True, cidr="0.0.0.0/0")
        for egress in (False, True)
    )
    return (*deny, *allow)


def policy(
    action: str, resource: object = "*", condition: dict[str, object] | None = None
) -> dict[str, object]:
    """An endpoint policy that allows everybody one action."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    more = {"Condition": condition} if condition else {}
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


# Only principals of the environment's account.
OURS: dict[str, object] = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
own_bucket: dict[str, object] = {
    "Statement": [
        *cast(list[object], policy("s3:*", [BUCKET_ARN, f"{BUCKET_ARN}/*"])["Statement"]),
        *cast(list[object], policy("s3:GetAccountPublicAccessBlock")["Statement"]),
    ]
}
SHUT: Change = together(
    *(endpoint(f"vpce-{s}", policy=policy("x:None")) for s in ("s3", "sqs", "kms"))
)


def theirs(**facts: Any) -> Change:
    """An endpoint for Secrets Manager that nobody here made, with these facts."""
    return adding("endpoints", interface_endpoint("secretsmanager", **facts))


CLOSED = adding("security_groups", SecurityGroup(id="sg-closed", name="closed", vpc="vpc-1"))


def secrets(found: Platform) -> Platform:
    """The secrets backend switched on."""
    backend = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    words = (
        '{"connections_prefix": "a", "variables_prefix": "b", "connections_lookup_pattern": "c"}'
    )
    options = {"secrets.backend": backend, "secrets.backend_kwargs": words}
    return changes.with_environment(found, options=options)


INTERFACE_S3 = together(
    without("endpoints", "vpce-s3"),
    adding("endpoints", interface_endpoint("s3", id="vpce-s3", private_dns=False)),
)


def default_group(*ingress: GroupRule) -> Change:
    found = SecurityGroup(id="sg-default", name="default", vpc="vpc-1", ingress=ingress)
    return adding("security_groups", found)


def zone(**more: Any) -> Change:
    """A private hosted zone for S3, with apex and wildcard."""
    host = "s3.us-east-1.amazonaws.com"
    records = (f"{host}.", f"\\052.{host}.")
    facts = {"name": f"{host}.", "vpcs": ("vpc-1",), "records": records, **more}
    return platform(hosted_zones=(HostedZone(id="Z1", **facts),))


NO_SUBNETS: Change = environment(subnets=UNKNOWN)

CASES = [
    *rule_cases(
        UNREACHABLE,
        fail=[group("sg-env", egress=(OWN,))],
        unknown=[group("sg-env", egress=UNKNOWN)],
    ),
    *rule_cases(
        UNREACHABLE,
        fail=[without("endpoints", "vpce-sqs"), without("endpoints", "vpce-s3")],
        also=["mwaa-network-required-endpoints"],
    ),
    *rule_cases(
        ITSELF,
        fail=[group("sg-env", ingress=(HTTPS,))],
        unknown=[group("sg-env", ingress=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-required-endpoints",
        fail=[without("endpoints", "vpce-kms")],
        unknown=[
            platform(endpoints=UNKNOWN),
            together(without("endpoints", "vpce-kms"), platform(partial=frozenset({"endpoints"}))),
            NO_SUBNETS,
        ],
        also=[UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-older-list-of-endpoints",
        fail=[environment()],
        unknown=[NO_SUBNETS],
        also=["*"],
        passing=[
            adding(
                "endpoints",
                *(interface_endpoint(s) for s in FULL if s not in REQUIRED),
            )
        ],
    ),
    *rule_cases(
        "mwaa-network-secrets-reachable",
        fail=[secrets],
        unknown=[together(secrets, NO_SUBNETS)],
        also=["mwaa-identity-may-read-secrets"],
    ),
    *rule_cases(
        "mwaa-network-endpoints-in-both-subnets",
        fail=[endpoint("vpce-sqs", subnets=("subnet-a",))],
        unknown=[endpoint("vpce-sqs", subnets=UNKNOWN)],
        passing=[theirs(subnets=("subnet-a",))],
    ),
    *rule_cases(
        "mwaa-network-endpoint-private-dns",
        fail=[endpoint("vpce-logs", private_dns=False)],
        unknown=[endpoint("vpce-logs", private_dns=UNKNOWN)],
        also=[UNREACHABLE],
        passing=[
            theirs(private_dns=False),
            # It has no private name.
            adding("endpoints", interface_endpoint("iot.data", private_dns=False)),
        ],
    ),
    # A secrets backend calls what other environments do not.
    *(
        case
        for rule, change, also in (
            ("endpoints-in-both-subnets", theirs(subnets=("subnet-a",)), ()),
            ("endpoint-private-dns", theirs(private_dns=False), (UNREACHABLE,)),
            ("endpoint-groups-admit-https", theirs(security_groups=("sg-closed",)), (UNREACHABLE,)),
        )
        for case in rule_cases(
            f"mwaa-network-{rule}",
            fail=[together(secrets, CLOSED, change)],
            also=["mwaa-identity-may-read-secrets", *also],
        )
    ),
    *rule_cases(
        "mwaa-network-s3-gateway-serves-subnets",
        fail=[endpoint("vpce-s3", route_tables=("rtb-a",)), endpoint("vpce-s3", route_tables=())],
        unknown=[endpoint("vpce-s3", route_tables=("rtb-a", UNKNOWN))],
        also=[UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-s3-interface-dns",
        fail=[
            INTERFACE_S3,
            together(INTERFACE_S3, zone(records=("s3.us-east-1.amazonaws.com.",))),
            together(INTERFACE_S3, zone(vpcs=("vpc-2",))),
        ],
        unknown=[
            together(INTERFACE_S3, platform(hosted_zones=UNKNOWN)),
            together(INTERFACE_S3, zone(records=UNKNOWN)),
        ],
        passing=[together(INTERFACE_S3, zone())],
        also=[UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-endpoints-available",
        fail=[endpoint("vpce-sqs", state="pendingAcceptance")],
        unknown=[endpoint("vpce-sqs", state=UNKNOWN)],
        base=running,
        also=[UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-endpoints-available",
        fail=[endpoint("vpce-database", state="rejected")],
        passing=[
            # Other teams' endpoints in a VPC that all share.
            adding("endpoints", interface_endpoint("execute-api", state="rejected")),
            adding("endpoints", interface_endpoint("theirs", service=STRANGE, state=UNKNOWN)),
        ],
        base=running,
    ),
    *rule_cases(
        "mwaa-network-endpoint-zones-offered",
        fail=[
            platform(
                endpoint_services=(EndpointService(service=service("sqs"), zones=("us-east-1a",)),)
            )
        ],
        unknown=[platform(endpoint_services=UNKNOWN)],
        base=running,
    ),
    *rule_cases(
        "mwaa-network-endpoint-groups-admit-https",
        fail=[group("sg-endpoints", ingress=())],
        unknown=[group("sg-endpoints", ingress=UNKNOWN)],
        passing=[together(CLOSED, theirs(security_groups=("sg-closed",)))],
        also=[UNREACHABLE],
    ),
    # Without a group of its own an endpoint has the VPC's default group.
    *rule_cases(
        "mwaa-network-endpoint-groups-admit-https",
        fail=[together(endpoint("vpce-sqs", security_groups=()), default_group())],
        unknown=[endpoint("vpce-sqs", security_groups=())],
        passing=[together(endpoint("vpce-sqs", security_groups=()), default_group(HTTPS))],
        also=[UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-no-duplicate-private-dns",
        fail=[adding("endpoints", interface_endpoint("sqs", id="vpce-sqs-2"))],
        unknown=[endpoint("vpce-sqs", private_dns=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-mwaa-endpoints-present",
        fail=[
            without("endpoints", "vpce-database"),
            without("endpoints", "vpce-webserver"),
            endpoint("vpce-database", tags={}),
        ],
        unknown=[
            platform(endpoints=UNKNOWN),
            environment(database_endpoint_service=None),
            endpoint("vpce-database", tags=UNKNOWN),
        ],
        base=running,
    ),
    *rule_cases(
        "mwaa-network-customer-endpoints-declared",
        fail=[without("endpoints", "vpce-database")],
        unknown=[environment(endpoint_management=UNKNOWN)],
        base=customer_endpoints,
    ),
    *rule_cases(
        "mwaa-network-group-count",
        fail=[environment(security_groups=tuple(f"sg-{i}" for i in range(6)))],
        unknown=[environment(security_groups=UNKNOWN)],
        also=[UNREACHABLE, "mwaa-network-endpoint-groups-admit-https"],
    ),
    *rule_cases(
        "mwaa-network-webserver-clients",
        fail=[group("sg-env", ingress=(OWN,))],
        unknown=[group("sg-env", ingress=UNKNOWN)],
        passing=[group("sg-env", ingress=(OWN, replace(HTTPS, from_port=UNKNOWN)))],
    ),
    *rule_cases(
        "mwaa-network-group-rules-one-style",
        fail=[group("sg-env", declared_by=frozenset({"sg-env", "rule"}))],
        unknown=[platform(security_groups=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-subnets-have-room",
        fail=[subnet("subnet-a", cidr="10.192.0.0/28"), environment(max_workers=200)],
        unknown=[subnet("subnet-a", cidr=UNKNOWN), environment(max_workers=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-subnets-have-room",
        fail=[subnet("subnet-a", free_addresses=3)],
        base=running,
    ),
    *rule_cases(
        "mwaa-network-flow-logs-on",
        fail=[platform(flow_logs=()), record("flow_logs", "fl-1", traffic="ACCEPT")],
        unknown=[platform(flow_logs=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-network-webserver-url-private",
        fail=[environment(webserver_url="abc.c1.us-east-1.airflow.amazonaws.com")],
        unknown=[environment(webserver_url=UNKNOWN)],
        base=running,
    ),
    *rule_cases(
        "mwaa-network-acls-pass",
        fail=[
            acl("acl-1", entries=entries((False, 5432))),
            acl("acl-1", entries=entries((True, 5432))),
        ],
        unknown=[acl("acl-1", entries=UNKNOWN)],
        also=[ITSELF, UNREACHABLE],
    ),
    *rule_cases(
        "mwaa-network-endpoint-policies-allow",
        fail=[endpoint("vpce-sqs", policy=policy("sqs:SendMessage"))],
        unknown=[endpoint("vpce-sqs", policy=UNKNOWN), NO_SUBNETS],
        passing=[
            endpoint("vpce-sqs", policy=policy("sqs:*")),
            endpoint("vpce-kms", policy=policy("kms:*", resource=KEY_ARN)),
            together(
                adding("endpoints", interface_endpoint("ecr.dkr")),
                endpoint("vpce-s3", policy=policy("s3:*")),
            ),
        ],
        also=["mwaa-identity-may-use-queue"],
    ),
    *rule_cases(
        "mwaa-network-endpoint-policies-allow",
        fail=[
            endpoint("vpce-kms", policy=policy("kms:Decrypt")),
            endpoint("vpce-kms", policy=policy("kms:*", resource=KEY_ARN[:-1] + "z")),
            together(
                adding("endpoints", interface_endpoint("ecr.dkr")),
                endpoint("vpce-s3", policy=own_bucket),
            ),
        ],
        unknown=[
            together(
                endpoint("vpce-kms", policy=policy("kms:*", resource=KEY_ARN)),
                environment(kms_key=UNKNOWN),
                platform(key=UNKNOWN),
            )
        ],
        passing=[
            endpoint("vpce-s3", policy=own_bucket),
            together(environment(kms_key=None), endpoint("vpce-kms", policy=policy("kms:None"))),
        ],
    ),
    *rule_cases(
        "mwaa-network-endpoint-policies-narrow",
        fail=[
            endpoint("vpce-sqs", policy=policy("sqs:*")),
            together(SHUT, endpoint("vpce-s3", policy=policy("s3:*", condition=OURS))),
            together(SHUT, endpoint("vpce-sqs", policy=policy("sqs:*", condition=OURS))),
            together(SHUT, endpoint("vpce-kms", policy=policy("kms:*"))),
        ],
        unknown=[NO_SUBNETS],
        passing=[
            SHUT,
            together(SHUT, endpoint("vpce-kms", policy=policy("kms:*", condition=OURS))),
            together(SHUT, endpoint("vpce-s3", policy=own_bucket)),
        ],
        also=["*"],
    ),
]
