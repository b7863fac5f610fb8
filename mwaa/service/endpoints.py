"""VPC endpoints: which a profile asks for, what they are called, and what may pass them.

An endpoint policy bounds everything that uses the endpoint, so each names this environment's
bucket, key, queue and log groups instead of the default that allows all. Sources (read 2026-11):
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-vpe-create-access.html (the required five),
https://docs.aws.amazon.com/mwaa/latest/userguide/security-privatelink.html (airflow.api, .env)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from mwaa.iam_policies import (
    BUCKET_ACTIONS,
    KEY_ACTIONS,
    LOG_ACTIONS,
    QUEUE_ACTIONS,
    Policy,
    Statement,
    allow,
    document,
    write_source_bucket,
)
from mwaa.names import Names, partition_of

REQUIRED: Final = ("s3", "sqs", "logs", "monitoring", "kms")
"""What an environment without a route to the internet cannot live without."""

FULL: Final = (*REQUIRED, "ecr.api", "ecr.dkr", "airflow.api", "airflow.env", "airflow.ops")
"""The list of AWS's older guide and of its support tool: also for callers of MWAA in the VPC."""

PROFILES: Final[dict[str, tuple[str, ...]]] = {"required": REQUIRED, "full": FULL, "none": ()}

NARROWED: Final = frozenset({*REQUIRED, "ecr.api", "ecr.dkr"})

GATEWAY: Final = frozenset({"s3"})
"""Services reached by a gateway endpoint (routes) instead of an interface (addresses)."""

CODEARTIFACT: Final = ("codeartifact.api", "codeartifact.repositories")
"""What pip reaches a CodeArtifact repository through, where there is no internet:
https://docs.aws.amazon.com/codeartifact/latest/ug/create-vpc-endpoints.html"""

# China names most of its endpoint services with its own prefix, but not these three.
_CHINA_PLAIN: Final = frozenset({"s3", "logs", "kms"})
# PublishMetrics has no endpoint service in China.
_CHINA_ABSENT: Final = frozenset({"airflow.ops"})


def services(profile: str, additional: Sequence[str] = (), *, region: str) -> tuple[str, ...]:
    """The service suffixes of a profile and the additional ones, each once, in a fixed order."""
    china = partition_of(region) == "aws-cn"
    wanted = dict.fromkeys((*PROFILES[profile], *additional))
    return tuple(s for s in wanted if not (china and s in _CHINA_ABSENT))


def service_name(service: str, region: str) -> str:
    """The name that CreateVpcEndpoint takes; a full one passes as it is."""
    if is_full_name(service):
        return service
    prefix = "com.amazonaws"
    if partition_of(region) == "aws-cn" and service not in _CHINA_PLAIN:
        prefix = "cn.com.amazonaws"
    return f"{prefix}.{region}.{service}"


def is_full_name(service: str) -> bool:
    """Whether it is the whole name of a service, and not the suffix of one of AWS's.

    https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (read
    2026-11): most begin with ``com.amazonaws``, in China with ``cn.com.amazonaws``, some with
    ``aws``.
    """
    return "com.amazonaws." in service or service.startswith("aws.")


def is_codeartifact(url: str) -> bool:
    """Whether a package index is a CodeArtifact repository, by its host name."""
    host = urlsplit(url).hostname or ""
    return ".d.codeartifact." in host and host.endswith((".amazonaws.com", ".on.aws"))


def interfaces(services: Sequence[str]) -> tuple[str, ...]:
    """Those of the services that are interface endpoints."""
    return tuple(service for service in services if service not in GATEWAY)


def is_private_service(service: str) -> bool:
    """Whether the service is one that an account offers, not AWS; such take no endpoint policy.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (read 2026-11)
    """
    return "vpce-svc-" in service


def is_narrowed(service: str) -> bool:
    """Whether ``policy`` has a rule of its own for the service. All that have one take a policy."""
    return service in NARROWED or service.startswith("airflow.")


def open_policy() -> Policy:
    """Full access: what EC2 gives an endpoint that is made without a policy.

    It is written out because the provider leaves the policy of an endpoint as it is where a program
    says nothing: the way back from narrowed policies would change none of them.
    """
    return document(allow("FullAccess", ["*"], "*", Principal="*"))


@dataclass(frozen=True)
class Neighbor:
    """Another environment that uses the same endpoints; without ``key_arn`` it may use any key."""

    names: Names
    key_arn: str = ""


def policy(
    service: str,
    names: Names,
    *,
    key_arn: str = "",
    other_buckets: Sequence[str] = (),
    write_prefixes: Sequence[str] = (),
    neighbors: Sequence[Neighbor] = (),
) -> Policy:
    """The policy of one endpoint.

    ``key_arn`` narrows the KMS endpoint; without it (AWS-owned key) any key may be used with the
    four actions. ``other_buckets`` are names of buckets that tasks reach through the S3 endpoint,
    ``write_prefixes`` the parts of the source bucket that they write to, and ``neighbors`` are
    environments beside this one that need what it needs. A service without a rule here is open to
    these accounts and closed to all others.
    """
    users = [names, *(one.names for one in neighbors)]
    if service == "s3":
        return document(*_s3(users, other_buckets, write_prefixes))
    if service == "kms":
        keys = [key_arn, *(one.key_arn for one in neighbors)]
        named = _each(keys) if all(keys) else "*"
        return document(_mine("UseEnvironmentKey", KEY_ACTIONS, named, users))
    if service == "sqs":
        queues = _each(one.queue_arn_pattern for one in users)
        return document(_mine("UseCeleryQueue", QUEUE_ACTIONS, queues, users))
    if service == "logs":
        groups = _each(one.log_group_arn_pattern for one in users)
        return document(
            _mine("WriteLogs", LOG_ACTIONS, groups, users),
            _mine("FindLogGroups", ["logs:DescribeLogGroups"], "*", users),
        )
    if service == "monitoring":
        return document(_mine("PutMetrics", ["cloudwatch:PutMetricData"], "*", users))
    if service in ("ecr.api", "ecr.dkr"):
        return document(_ecr())
    if service.startswith("airflow."):
        own = [arn for one in users for arn in (one.environment_arn, one.airflow_role_arn("*"))]
        return document(
            _mine("ThisEnvironment", ["airflow:*"], own, users),
            _mine("FindEnvironments", ["airflow:ListEnvironments"], "*", users),
        )
    return document(_mine("ThisAccount", ["*"], "*", users))


def _each(values: Iterable[str]) -> str | list[str]:
    """Different values as a policy writes them: one alone, or a list."""
    found = list(dict.fromkeys(values))
    return found[0] if len(found) == 1 else found


def _mine(
    sid: str, actions: Sequence[str], resources: str | Sequence[str], users: Sequence[Names]
) -> Statement:
    """Only principals of the environments' accounts: the execution roles are among them."""
    accounts = _each(one.account for one in users)
    condition = {"StringEquals": {"aws:PrincipalAccount": accounts}}
    return allow(sid, actions, resources, Principal="*", Condition=condition)


def _s3(
    users: Sequence[Names], other_buckets: Sequence[str], write_prefixes: Sequence[str]
) -> list[Statement]:
    names, sources = users[0], [one.bucket for one in users]
    statements = [
        _mine("ReadSourceBucket", BUCKET_ACTIONS, _with_objects(names, sources), users),
        _mine("AccountPublicAccessBlock", ["s3:GetAccountPublicAccessBlock"], "*", users),
        # Image layers are fetched with credentials of AWS, hence no condition on the account.
        allow(
            "PullImageLayers",
            ["s3:GetObject"],
            f"arn:{names.partition}:s3:::prod-{names.region}-starport-layer-bucket/*",
            Principal="*",
        ),
    ]
    if write_prefixes:
        written = write_source_bucket(names, write_prefixes)
        statements.append(_mine(written["Sid"], written["Action"], written["Resource"], [names]))
    if other_buckets:
        others = _with_objects(names, other_buckets)
        statements.append(_mine("OtherBuckets", ["s3:*"], others, users))
    return statements


def _with_objects(names: Names, buckets: Sequence[str]) -> list[str]:
    arns = [f"arn:{names.partition}:s3:::{bucket}" for bucket in buckets]
    return [resource for arn in arns for resource in (arn, f"{arn}/*")]


def _ecr() -> Statement:
    actions = [
        "ecr:GetAuthorizationToken",
        "ecr:BatchCheckLayerAvailability",
        "ecr:GetDownloadUrlForLayer",
        "ecr:BatchGetImage",
    ]
    return allow("PullImages", actions, "*", Principal="*")
