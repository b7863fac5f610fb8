"""Reads the source bucket of a plan, in one resource or in the separate ones of either version."""

from collections.abc import Mapping
from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    Bucket,
    BucketEncryption,
    LifecycleRule,
    Maybe,
    ObjectVersion,
    PublicAccessBlock,
    known,
    or_unknown,
)
from policy.analysis.artifacts.archive import with_archive
from policy.plan import artifacts
from policy.plan.keys import key_reference
from policy.plan.resources import Plan, Resource

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
OBJECTS = (
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/objectCopy:ObjectCopy",
)


def _both(name: str) -> tuple[str, str]:
    """A part's type token and that of its V2 name."""
    low = name[0].lower() + name[1:]
    return f"aws:s3/{low}:{name}", f"aws:s3/{low}V2:{name}V2"


VERSIONING = _both("BucketVersioning")
ENCRYPTION = _both("BucketServerSideEncryptionConfiguration")
LIFECYCLE = _both("BucketLifecycleConfiguration")
LOGGING = _both("BucketLogging")
ACCESS = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
POLICY = ("aws:s3/bucketPolicy:BucketPolicy",)
OWNERSHIP = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
PARTS = (*VERSIONING, *ENCRYPTION, *LIFECYCLE, *LOGGING, *ACCESS, *POLICY, *OWNERSHIP)


def bucket(plan: Plan, environment: Resource) -> Maybe[Bucket]:
    """The environment's bucket; ``UNKNOWN`` where the plan does not hold it."""
    item = _find(plan, environment)
    if item is None:
        return UNKNOWN
    parts = {kind: _parts(plan, item, kind) for kind in PARTS}

    def part(kinds: tuple[str, ...]) -> Resource | None:
        return next((found for kind in kinds for found in parts[kind]), None)

    region = item.text("region") or item.provider.get("region") or UNKNOWN
    access, policy, lifecycle = part(ACCESS), part(POLICY), part(LIFECYCLE)
    name = item.text("bucket")
    urns = {item.urn, *(found.urn for group in parts.values() for found in group)}
    if item.looked_up_by:
        # A lookup tells no more; what the stack does not hold, its destroy does not take.
        return Bucket(
            id=item.identity,
            name=or_unknown(name),
            region=region,
            versioning=_versioning(found, item) if (found := part(VERSIONING)) else UNKNOWN,
            public_access=_access(access) if access else UNKNOWN,
            encryption=_encryption(plan, found, item) if (found := part(ENCRYPTION)) else UNKNOWN,
            policy=policy.document("policy") if policy else UNKNOWN,
            ownership=_ownership(found) if (found := part(OWNERSHIP)) else UNKNOWN,
            lifecycle=_lifecycle(lifecycle, item) if lifecycle else UNKNOWN,
            access_logs=_access_logs(found, item) if (found := part(LOGGING)) else UNKNOWN,
            objects=_objects(plan, item),
            partial=True,
            protected=True,
            force_destroy=False,
            parts=frozenset(urns - {item.urn}),
        )
    return Bucket(
        id=item.identity,
        name=or_unknown(name),
        region=region,
        versioning=_versioning(part(VERSIONING), item),
        public_access=None if access is None else _access(access),
        encryption=_encryption(plan, part(ENCRYPTION), item),
        policy=(policy or item).document("policy") if policy or item.declares("policy") else None,
        ownership=_ownership(part(OWNERSHIP)),
        acl=item.text("acl") if item.declares("acl") else None,
        lifecycle=_lifecycle(lifecycle, item),
        access_logs=_access_logs(part(LOGGING), item),
        objects=_objects(plan, item),
        # DAGs are delivered beside the program, and a bucket may be older than it.
        partial=True,
        protected=item.protect,
        force_destroy=item.flag("forceDestroy"),
        parts=frozenset(urns),
    )


def _find(plan: Plan, environment: Resource) -> Resource | None:
    arn = environment.get("sourceBucketArn")
    if isinstance(arn, str):
        return plan.find(arn, *BUCKETS) or plan.find(arn.rsplit(":", 1)[-1], *BUCKETS)
    return plan.target(environment, "sourceBucketArn", *BUCKETS)


def _parts(plan: Plan, item: Resource, kind: str) -> list[Resource]:
    return [part for part in plan.of(kind) if plan.target(part, "bucket", *BUCKETS) is item]


def _versioning(part: Resource | None, item: Resource) -> Maybe[str]:
    if part is not None:
        block = part.block("versioningConfiguration")
        if not known(block):
            return UNKNOWN
        value: Maybe[str | None] = (block or {}).get("status")
        return "Disabled" if value is None else value
    block = _inline(item, "versioning")
    if not known(block):
        return UNKNOWN
    enabled = (block or {}).get("enabled")
    return ("Enabled" if enabled else "Disabled") if known(enabled) else UNKNOWN


def _access(part: Resource) -> PublicAccessBlock:
    return PublicAccessBlock(
        block_public_acls=part.flag("blockPublicAcls"),
        ignore_public_acls=part.flag("ignorePublicAcls"),
        block_public_policy=part.flag("blockPublicPolicy"),
        restrict_public_buckets=part.flag("restrictPublicBuckets"),
    )


def _encryption(
    plan: Plan, part: Resource | None, item: Resource
) -> Maybe[BucketEncryption | None]:
    holder, key = part, "rules"
    if holder is None:
        nested = _inline(item, "serverSideEncryptionConfiguration")
        if nested is None:
            # S3 encrypts every new object with its own key since January 2023.
            return BucketEncryption(algorithm="AES256")
        holder, key = item, _declared(item, "serverSideEncryptionConfiguration")
        rule: Any = nested
        if known(nested):
            rule = _single(nested.get("rule", nested.get("rules")))
    else:
        rules = holder.blocks("rules")
        rule = (rules[0] if rules else None) if known(rules) else rules
    if not known(rule) or not rule:
        return UNKNOWN if rule else None
    default = _single(_either(rule, "applyServerSideEncryptionByDefault"))
    if not known(default):
        return UNKNOWN
    return BucketEncryption(
        algorithm=default.get("sseAlgorithm", UNKNOWN),
        key=key_reference(plan, holder, key, default.get("kmsMasterKeyId")),
        bucket_key=bool(flag) if known(flag := rule.get("bucketKeyEnabled")) else UNKNOWN,
    )


def _declared(item: Resource, name: str) -> str:
    """The inline property by its name in the bucket's first version, or in the second."""
    return name if item.declares(name) or not item.declares(f"{name}s") else f"{name}s"


def _inline(item: Resource, name: str) -> Maybe[Mapping[str, Any] | None]:
    """A nested setting of a bucket of either version; None where the program sets none."""
    key = _declared(item, name)
    return item.block(key) if item.declares(key) else None


def _either(block: Mapping[str, Any], name: str) -> Maybe[Any]:
    """A nested block by its name in the bucket's first version, or in the second."""
    return block.get(name, block.get(f"{name}s"))


def _single(value: Any) -> Any:
    if isinstance(value, list):
        return value[0] if value else {}
    return {} if value is None else value


def _ownership(part: Resource | None) -> Maybe[str | None]:
    if part is None:
        return "BucketOwnerEnforced"  # the default of buckets created since April 2023
    rule = part.block("rule")
    return (rule or {}).get("objectOwnership") if known(rule) else UNKNOWN


def _lifecycle(part: Resource | None, item: Resource) -> Maybe[tuple[LifecycleRule, ...]]:
    rules = part.blocks("rules") if part else item.blocks("lifecycleRules")
    if not known(rules):
        return UNKNOWN
    return tuple(_rule(rule) for rule in rules)


def _rule(rule: Mapping[str, Any]) -> LifecycleRule:
    status = rule.get("status", rule.get("enabled"))
    noncurrent = _single(_either(rule, "noncurrentVersionExpiration"))
    current = _single(_either(rule, "expiration"))
    condition = _single(rule.get("filter"))
    if known(condition):
        both = _single(condition.get("and"))
        condition = both.get("prefix") or condition.get("prefix") or rule.get("prefix") or ""
    days = noncurrent
    return LifecycleRule(
        id=rule.get("id"),
        enabled=status in (True, "Enabled") if known(status) else status,
        prefix=condition,
        noncurrent_days=_days(days.get("noncurrentDays", days.get("days")))
        if known(days)
        else days,
        noncurrent_kept=_days(days.get("newerNoncurrentVersions")) if known(days) else days,
        current_days=_days(current.get("days")) if known(current) else current,
        current_date=_date(current.get("date")) if known(current) else current,
    )


def _days(value: Any) -> Maybe[int | None]:
    if not known(value):
        return UNKNOWN
    return int(value) if value else None


def _date(value: Any) -> Maybe[str | None]:
    """The day of a time in ISO 8601, which S3 wants to be midnight."""
    if not known(value):
        return UNKNOWN
    return str(value)[:10] if value else None


def _access_logs(part: Resource | None, item: Resource) -> Maybe[str | None]:
    if part is not None:
        return part.text("targetBucket")
    block = _inline(item, "logging")
    return (block or {}).get("targetBucket") if known(block) else UNKNOWN


def _objects(plan: Plan, item: Resource) -> tuple[ObjectVersion, ...]:
    found = []
    for part in plan.of(*OBJECTS):
        if plan.target(part, "bucket", *BUCKETS) is item:
            key = part.text("key")
            item_of_part = ObjectVersion(
                key=key if isinstance(key, str) else part.urn,
                version=or_unknown(part.text("versionId")),
                is_latest=True,
                text=artifacts.text(part),
                uploaded_by=part.urn,
            )
            found.append(with_archive(item_of_part, artifacts.archive(part)))
    return tuple(found)
