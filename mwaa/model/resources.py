"""The rest of the model: bucket, key, role, log groups, alarms and the account itself.

Conventions are those of ``mwaa.model.platform``, which is where other rooms import these from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mwaa.model.order import IN_ORDER
from mwaa.model.unknown import UNKNOWN, Document, Maybe


@dataclass(frozen=True, kw_only=True)
class PublicAccessBlock:
    """The four public-access flags of a bucket or an account."""

    block_public_acls: Maybe[bool] = False
    ignore_public_acls: Maybe[bool] = False
    block_public_policy: Maybe[bool] = False
    restrict_public_buckets: Maybe[bool] = False


@dataclass(frozen=True, kw_only=True)
class BucketEncryption:
    """Default encryption: ``algorithm`` is ``AES256``, ``aws:kms`` or ``aws:kms:dsse``."""

    algorithm: Maybe[str]
    key: Maybe[str | None] = None
    bucket_key: Maybe[bool] = False


@dataclass(frozen=True, kw_only=True)
class LifecycleRule:
    """A lifecycle rule; days are None where the rule has no such action.

    ``current_date`` (``2027-01-31``) is when current objects expire, where no days say that.
    """

    id: Maybe[str | None]
    enabled: Maybe[bool]
    prefix: Maybe[str]
    noncurrent_days: Maybe[int | None] = None
    noncurrent_kept: Maybe[int | None] = None
    current_days: Maybe[int | None] = None
    current_date: Maybe[str | None] = None


@dataclass(frozen=True, kw_only=True)
class ObjectVersion:
    """A version of an object that the environment uses or could use.

    ``text`` is its content where it is text and was read; ``members`` are the names in an archive,
    None where it cannot be unpacked, ``texts`` the small text files among them and ``unpacked``
    the bytes of all. ``uploaded_by`` is the identity of the resource that uploads it (plan).
    """

    key: str
    version: Maybe[str | None]
    is_latest: Maybe[bool] = UNKNOWN
    size: Maybe[int] = UNKNOWN
    text: Maybe[str] = UNKNOWN
    members: Maybe[tuple[str, ...] | None] = UNKNOWN
    texts: Mapping[str, str] = field(default_factory=dict)
    unpacked: Maybe[int] = UNKNOWN
    uploaded_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The source bucket. ``versioning`` is ``Enabled``, ``Suspended`` or ``Disabled``.

    ``objects`` lists the pinned artifacts and the keys under the DAG prefix; where ``partial``,
    there may be more than those: a plan, or a listing that is too long.
    """

    id: str
    name: Maybe[str]
    region: Maybe[str] = UNKNOWN
    owner: Maybe[str] = UNKNOWN
    versioning: Maybe[str] = "Disabled"
    public_access: Maybe[PublicAccessBlock | None] = None
    encryption: Maybe[BucketEncryption | None] = None
    policy: Maybe[Document | None] = None
    ownership: Maybe[str | None] = None
    acl: Maybe[str | None] = None
    lifecycle: Maybe[tuple[LifecycleRule, ...]] = ()
    access_logs: Maybe[str | None] = None
    objects: Maybe[tuple[ObjectVersion, ...]] = ()
    partial: bool = False
    protected: Maybe[bool] = UNKNOWN
    force_destroy: Maybe[bool] = UNKNOWN
    parts: frozenset[str] = frozenset()
    """Identities of the bucket's separate resources: versioning, access block, policy (plan)."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A grant on a KMS key (live only)."""

    name: str | None
    grantee: str
    operations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Key:
    """A KMS key. ``manager`` is ``CUSTOMER`` or ``AWS``; ``deletion_window`` is in days."""

    id: str
    arn: Maybe[str] = UNKNOWN
    state: Maybe[str] = "Enabled"
    usage: Maybe[str] = "ENCRYPT_DECRYPT"
    spec: Maybe[str] = "SYMMETRIC_DEFAULT"
    manager: Maybe[str] = "CUSTOMER"
    multi_region: Maybe[bool] = False
    rotation: Maybe[bool] = False
    deletion_window: Maybe[int | None] = UNKNOWN
    policy: Maybe[Document | None] = UNKNOWN
    bypass_lockout_check: Maybe[bool] = UNKNOWN
    grants: Maybe[tuple[Grant, ...]] = UNKNOWN
    protected: Maybe[bool] = UNKNOWN
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An identity policy of a role; ``arn`` is None for an inline one.

    ``concerns`` bounds what a document that is not known can speak of, as action patterns
    (``("kms:*",)``), where a reader can tell that; ``UNKNOWN`` means anything.
    """

    id: str
    name: Maybe[str]
    document: Maybe[Document]
    arn: Maybe[str | None] = None
    concerns: Maybe[tuple[str, ...]] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Role:
    """An IAM role with every policy that bears on it, inline and attached."""

    id: str
    name: Maybe[str]
    arn: Maybe[str] = UNKNOWN
    trust: Maybe[Document] = UNKNOWN
    policies: Maybe[tuple[Policy, ...]] = ()
    managed_policy_arns: Maybe[tuple[Maybe[str], ...]] = ()
    boundary: Maybe[Policy | None] = None
    parts: frozenset[str] = frozenset()
    overruled: Maybe[tuple[str, ...]] = ()
    """Identities of separate policies and attachments that an exclusive list of the plan takes
    away again (``inlinePolicies``, ``managedPolicyArns``, PolicyAttachment, ...Exclusive)."""


@dataclass(frozen=True, kw_only=True)
class LogStream:
    """What one container, or one process in it, wrote (live only).

    ``lines`` are its last ones, oldest first, with credentials masked.
    """

    name: str
    lines: Maybe[tuple[str, ...]] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class LogGroup:
    """A CloudWatch log group; ``retention_days`` None means events never expire.

    ``streams`` are those of the newest containers, the newest first, where they were asked for.
    """

    id: str
    name: Maybe[str]
    arn: Maybe[str] = UNKNOWN
    retention_days: Maybe[int | None] = None
    key: Maybe[str | None] = None
    last_event: Maybe[float | None] = UNKNOWN
    streams: Maybe[tuple[LogStream, ...]] = field(default=UNKNOWN, metadata={IN_ORDER: True})
    protected: Maybe[bool] = UNKNOWN
    retained: Maybe[bool] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A CloudWatch metric alarm."""

    id: str
    namespace: Maybe[str | None]
    metric: Maybe[str | None]
    dimensions: Maybe[Mapping[str, Maybe[str]]] = field(default_factory=dict)
    actions: Maybe[int] = 0


@dataclass(frozen=True, kw_only=True)
class Metric:
    """The newest datapoint of a CloudWatch metric in the asked window (live only)."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float | None
    timestamp: float | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the account itself says one principal may do (``iam:SimulatePrincipalPolicy``).

    IAM weighs the principal's own policies, its boundary and the organization's, not the policy of
    a key or a bucket. ``final``: no resource's policy can give what is not ``allowed``.
    """

    action: str
    resource: str
    allowed: Maybe[bool]
    reason: str
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class Account:
    """Facts about the account and region in which the platform stands."""

    id: Maybe[str] = UNKNOWN
    region: Maybe[str] = UNKNOWN
    partition: Maybe[str] = UNKNOWN
    caller: Maybe[str] = UNKNOWN
    caller_rights: Maybe[tuple[Decision, ...]] = UNKNOWN
    environments: Maybe[tuple[str, ...]] = UNKNOWN
    environment_quota: Maybe[int] = UNKNOWN
    worker_quota: Maybe[int] = UNKNOWN
    has_service_linked_role: Maybe[bool] = UNKNOWN
    public_access: Maybe[PublicAccessBlock | None] = UNKNOWN
    now: Maybe[float] = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Denied:
    """Something a live reader was not allowed to see: the call and the permission it lacked."""

    call: str
    permission: str
    reason: str
