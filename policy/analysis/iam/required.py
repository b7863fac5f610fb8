"""What MWAA's execution role must be allowed, action by action, for one environment.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html and, for listing
log streams with Airflow 3,
https://docs.aws.amazon.com/mwaa/latest/userguide/t-cloudwatch-cloudtrail-logs.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mwaa.iam_policies import LOG_ACTIONS, QUEUE_ACTIONS, SECRET_ACTIONS
from mwaa.model.platform import UNKNOWN, Maybe, Platform, known
from mwaa.names import LOG_TYPES, Names

Context = Mapping[str, Maybe[str | tuple[str, ...] | None]]

_BUCKET = ("s3:ListBucket", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning")
_OBJECT = ("s3:GetObject", "s3:GetObjectVersion")
"""One action for each use of the documented ``GetObject*``, ``GetBucket*`` and ``List*``."""

_KEY = ("kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt", "kms:DescribeKey")
_STREAM_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:GetLogEvents")
# An account that is not the customer's: the queue and the AWS-owned key are in one of AWS's.
SERVICE_ACCOUNT = "000000000000"
SECRETS_BACKEND = "SecretsManagerBackend"


@dataclass(frozen=True, kw_only=True)
class RequiredPermission:
    """One action the role needs. ``topic`` groups those of one rule: ``metrics``,
    ``source``, ``account-access-block``, ``logs``, ``log-streams``, ``log-groups``,
    ``put-metrics``, ``queue``, ``key`` or ``secrets``.

    ``resources`` are alternatives: AWS writes some log ARNs in two forms, and a policy may name
    either. ``service`` is the endpoint through which the call leaves the VPC; None where another
    service makes the call. ``mandatory`` is false where only a part of the product suffers.
    """

    topic: str
    action: str
    resources: Maybe[tuple[str, ...]]
    why: str
    service: str | None = None
    context: Context = field(default_factory=dict)
    mandatory: bool = True


def required_permissions(platform: Platform) -> tuple[RequiredPermission, ...]:
    """All that the environment's role must be allowed; an unknown resource is ``UNKNOWN``."""
    return tuple(_required_permissions(platform))


def names_of(platform: Platform) -> Names | None:
    """The names that follow from environment, region and account; None until these are known."""
    name, account = platform.environment.name, platform.account
    if not (known(name) and known(account.region) and known(account.id)):
        return None
    bucket = bucket_of(platform)
    return Names(name, account.region, account.id, bucket if known(bucket) else "")


def bucket_of(platform: Platform) -> Maybe[str]:
    """The name of the source bucket, from its record or from the ARN the environment names."""
    if known(platform.bucket) and platform.bucket is not None and known(platform.bucket.name):
        return platform.bucket.name
    source = platform.environment.source_bucket
    return source.rpartition(":::")[2] if known(source) and ":s3:::" in source else UNKNOWN


def code_paths(platform: Platform, dag: str) -> tuple[Maybe[str], ...]:
    """Keys of what runs as code: ``dag`` below the DAG path, and every artifact that is given."""
    e = platform.environment
    folder = e.dag_s3_path.strip("/") if known(e.dag_s3_path) else "dags"
    given = (e.requirements_s3_path, e.plugins_s3_path, e.startup_script_s3_path)
    return (f"{folder}/{dag}", *(path for path in given if path is not None and path != ""))


def key_of(platform: Platform) -> Maybe[str | None]:
    """The ARN of the customer managed key; None with the AWS-owned key."""
    key = platform.environment.kms_key
    if key is None:
        return None
    if known(platform.key) and platform.key is not None and known(platform.key.arn):
        return platform.key.arn
    return key if known(key) and key.startswith("arn:") else UNKNOWN


def _required_permissions(platform: Platform) -> Iterator[RequiredPermission]:
    names = names_of(platform)
    bucket = bucket_of(platform)
    region = platform.account.region
    via = {"aws:SecureTransport": "true", "aws:RequestedRegion": region}

    def on(*resources: str) -> Maybe[tuple[str, ...]]:
        return resources if names else UNKNOWN

    environment = names.environment_arn if names else ""
    yield RequiredPermission(
        topic="metrics",
        action="airflow:PublishMetrics",
        resources=on(environment),
        why="MWAA reads the environment's health from these metrics",
        service="airflow.ops",
        context=via,
    )
    place = names.bucket_arn if names and known(bucket) else UNKNOWN
    for path in ("", *code_paths(platform, "dag.py")):
        arn: Maybe[str] = UNKNOWN
        if known(place) and known(path):
            arn = f"{place}/{path}" if path != "" else place
        for action in _BUCKET if path == "" else _OBJECT:
            yield RequiredPermission(
                topic="source",
                action=action,
                resources=(arn,) if known(arn) else UNKNOWN,
                why="DAGs, plugins and requirements are read from the bucket",
                service="s3",
                context=via,
            )
    yield RequiredPermission(
        topic="account-access-block",
        action="s3:GetAccountPublicAccessBlock",
        resources=("*",),
        why="the service verifies that the bucket is not public",
        service="s3",
        context=via,
    )
    yield from _logs(platform, names, via)
    yield RequiredPermission(
        topic="put-metrics",
        action="cloudwatch:PutMetricData",
        resources=("*",),
        why="workers scale by these metrics",
        service="monitoring",
        context=via,
    )
    queue = platform.environment.celery_queue
    if not known(queue) or queue is None:
        queue = names.queue_arn_pattern.replace("*", SERVICE_ACCOUNT, 1) if names else ""
        queue = queue.replace("*", "00000000-0000-0000-0000-000000000000")
    for action in QUEUE_ACTIONS:
        yield RequiredPermission(
            topic="queue",
            action=action,
            resources=on(queue),
            service="sqs",
            context=via,
            why="tasks wait in a queue of AWS's account",
        )
    yield from _key(platform, names, via)
    yield from _secrets(platform, names, via)


def _logs(platform: Platform, names: Names | None, via: Context) -> Iterator[RequiredPermission]:
    version = platform.environment.airflow_version
    lists_streams = not known(version) or version is None or not version.startswith(("1.", "2."))
    for action in LOG_ACTIONS:
        streams = action == "logs:DescribeLogStreams"
        if streams and not lists_streams:
            continue
        for group in [names.log_group_arn(t) for t in LOG_TYPES] if names else [""]:
            forms: tuple[str, ...] = (f"{group}:log-stream:any", f"{group}:*")
            if action not in _STREAM_ACTIONS:
                forms = (group, f"{group}:*", f"{group}:log-stream:")
            yield RequiredPermission(
                topic="log-streams" if streams else "logs",
                action=action,
                resources=forms if names else UNKNOWN,
                service="logs",
                context=via,
                why="Airflow writes its logs there and reads them back",
                mandatory=not streams,
            )
    yield RequiredPermission(
        topic="log-groups",
        action="logs:DescribeLogGroups",
        resources=("*",),
        service="logs",
        context=via,
        why="the log handlers look for their groups",
    )


def _key(platform: Platform, names: Names | None, via: Context) -> Iterator[RequiredPermission]:
    key = key_of(platform)
    services: tuple[str, ...] = ("sqs", "s3")
    resources: Maybe[tuple[str, ...]] = UNKNOWN
    if key is None:
        services = ("sqs",)
        foreign = f"arn:{names.partition}:kms:{names.region}:{SERVICE_ACCOUNT}" if names else ""
        resources = (f"{foreign}:key/00000000-0000-0000-0000-000000000000",) if names else UNKNOWN
    elif known(key):
        resources = (key,)
    for service in services:
        host: Maybe[str] = names.service_host(service) if names else UNKNOWN
        for action in _KEY:
            yield RequiredPermission(
                topic="key",
                action=action,
                resources=resources,
                why=f"{service} encrypts with the environment's key on the role's behalf",
                context={**via, "kms:ViaService": host},
            )


def _secrets(platform: Platform, names: Names | None, via: Context) -> Iterator[RequiredPermission]:
    prefixes = secret_prefixes(platform)
    if not known(prefixes):
        return
    for prefix in prefixes:
        secret = names.arn("secretsmanager", f"secret:{prefix}/any-AAAAAA") if names else ""
        for action in SECRET_ACTIONS:
            yield RequiredPermission(
                topic="secrets",
                action=action,
                resources=(secret,) if names else UNKNOWN,
                why="connections and variables are secrets",
                mandatory=False,
                service="secretsmanager",
                context=via,
            )


def secret_prefixes(platform: Platform) -> Maybe[tuple[str, ...]]:
    """The name prefixes of the secrets backend; empty without one, ``UNKNOWN`` if not readable."""
    options = platform.environment.options
    if not known(options):
        return UNKNOWN
    backend, text = options.get("secrets.backend", ""), options.get("secrets.backend_kwargs", "{}")
    if not known(backend):
        return UNKNOWN
    if not backend.endswith(SECRETS_BACKEND):
        return ()
    try:
        wanted = json.loads(text) if known(text) else None
    except ValueError:
        return UNKNOWN
    if not isinstance(wanted, dict):
        return UNKNOWN
    found = (wanted.get(f"{kind}_prefix") for kind in ("connections", "variables"))
    return tuple(dict.fromkeys(p.rstrip("/") for p in found if isinstance(p, str) and p))
