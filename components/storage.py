"""The source bucket: DAGs, and the pinned requirements, plugins and startup script."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi_aws import s3

from components import existing
from components.retention import data_options
from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service.artifacts import EMPTY, KEYS


@dataclass(frozen=True, kw_only=True)
class SourceBucketArgs:
    """A new bucket, or an existing versioned one; in both the objects are uploaded here."""

    names: Names
    dag_path: str
    """Prefix of the DAGs, without slashes at its ends."""
    existing_bucket_name: str | None = None
    """Absent: the bucket ``names.bucket`` is created."""
    key_arn: pulumi.Input[str] | None = None
    """The environment's key. Absent: S3 encrypts with a key of its own."""
    requirements_file: Path | None = None
    """A requirements.txt on this machine. Absent: the environment installs nothing."""
    plugins_file: Path | None = None
    """A plugins.zip on this machine. Absent: no plugins."""
    startup_script_file: Path | None = None
    """A shell script on this machine. Absent: none runs."""
    deployed_artifacts: Collection[str] = ()
    """Kinds (``mwaa.service.artifacts``) that the environment was given before: MWAA takes none
    back, so an empty file stands in where none is named any more. Absent: it had none."""
    noncurrent_version_days: int = 90
    """Days that replaced versions of DAGs are kept. Absent: 90."""
    access_logs_bucket: pulumi.Input[str] | None = None
    """Bucket that takes the server access logs. Absent: access is not logged."""
    protect: bool = True
    """Whether the engine refuses to delete the bucket. Absent: it refuses."""
    force_destroy: bool = False
    """Whether an unprotected bucket is emptied and deleted. Absent: it stays in the account."""
    tags: dict[str, str] = field(default_factory=dict)
    """Absent: no tags."""


@dataclass(frozen=True)
class Artifact:
    """An uploaded file as the environment uses it: one version of one object."""

    key: str
    version: pulumi.Output[str]


class SourceBucket(pulumi.ComponentResource):
    """A private, versioned, encrypted bucket that MWAA accepts, with its objects in place.

    An artifact's version id is an output of its upload: a changed file, and nothing else, changes
    the environment. Earlier versions stay, so that an environment can go back.
    """

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    dag_path: str
    requirements: Artifact | None
    plugins: Artifact | None
    startup_script: Artifact | None

    def __init__(
        self, name: str, args: SourceBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        if args.existing_bucket_name is not None and args.access_logs_bucket is not None:
            raise pulumi.RunError(
                "SourceBucket: `access_logs_bucket` given with `existing_bucket_name`; an existing "
                "bucket is configured by its owner. Remove one of the two."
            )
        found = existing.properties(existing.bucket(args.existing_bucket_name, args.names, opts))
        super().__init__("mwaa:components:SourceBucket", name, found, opts)
        self._name, self._args = name, args
        self.dag_path = args.dag_path
        ready = self._existing() if args.existing_bucket_name is not None else self._create()
        # A folder's own object: MWAA refuses a DAG path that nothing lies under, and a deployment
        # that syncs and deletes leaves folder objects alone.
        self._upload("dags", f"{args.dag_path}/", ready, content="")
        self.requirements = self._artifact("requirements", args.requirements_file, ready)
        self.plugins = self._artifact("plugins", args.plugins_file, ready)
        self.startup_script = self._artifact("startupScript", args.startup_script_file, ready)
        self.register_outputs(
            {"bucketName": self.bucket_name, "bucketArn": self.bucket_arn, **found}
        )

    def _existing(self) -> list[pulumi.Resource]:
        name = str(self._args.existing_bucket_name)
        self.bucket_name = pulumi.Output.from_input(name)
        self.bucket_arn = pulumi.Output.from_input(f"arn:{self._args.names.partition}:s3:::{name}")
        return []

    def _options(self, *depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
        # A retained bucket keeps its public-access block, policy and objects.
        return data_options(
            self,
            protect=self._args.protect,
            force_destroy=self._args.force_destroy,
            depends_on=list(depends_on),
        )

    def _create(self) -> list[pulumi.Resource]:
        """The bucket; returns what must exist before an object is uploaded."""
        name, args = self._name, self._args
        bucket = s3.Bucket(
            f"{name}-bucket",
            bucket=args.names.bucket,
            force_destroy=args.force_destroy and not args.protect,
            tags=args.tags,
            opts=self._options(),
        )
        self.bucket_name = bucket.bucket
        # Built from the name: it is known at the first preview, and still waits for the bucket.
        self.bucket_arn = bucket.bucket.apply(lambda _: args.names.bucket_arn)
        versioning = s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=self._options(),
        )
        private = s3.BucketPublicAccessBlock(
            f"{name}-public-access",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._options(),
        )
        ownership = s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            # S3 aborts concurrent changes to one bucket's access settings, hence one by one.
            opts=self._options(private),
        )
        s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=pulumi.Output.json_dumps(iam_policies.bucket_policy(args.names.bucket_arn)),
            opts=self._options(private, ownership),
        )
        encryption = self._encrypt(bucket)
        self._expire(bucket, versioning)
        if args.access_logs_bucket is not None:
            s3.BucketLogging(
                f"{name}-access-logs",
                bucket=bucket.bucket,
                target_bucket=args.access_logs_bucket,
                target_prefix=f"{args.names.bucket}/",
                opts=self._options(),
            )
        return [versioning, private, encryption]

    def _encrypt(self, bucket: "s3.Bucket") -> pulumi.Resource:
        key = self._args.key_arn
        return s3.BucketServerSideEncryptionConfiguration(
            f"{self._name}-encryption",
            bucket=bucket.bucket,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=_default_encryption(key),
                    # One KMS call per bucket and moment instead of one per object.
                    bucket_key_enabled=key is not None,
                )
            ],
            opts=self._options(),
        )

    def _expire(self, bucket: "s3.Bucket", versioning: pulumi.Resource) -> None:
        s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=bucket.bucket,
            rules=[
                # Only below the DAG prefix: the environment pins versions of the artifacts, and
                # every new container fetches them again, however old they are.
                {
                    "id": "replaced-dags",
                    "status": "Enabled",
                    "filter": {"prefix": f"{self.dag_path}/"},
                    "noncurrent_version_expiration": {
                        "noncurrent_days": self._args.noncurrent_version_days
                    },
                },
                {
                    "id": "abandoned-uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                },
            ],
            opts=self._options(versioning),
        )

    def _artifact(
        self, kind: str, file: Path | None, ready: list[pulumi.Resource]
    ) -> Artifact | None:
        if file is not None:
            content = file.read_bytes()
            body: dict[str, Any] = {"source": pulumi.FileAsset(file)}
        elif kind in self._args.deployed_artifacts:
            content = EMPTY[kind]
            body = {"content_base64": base64.b64encode(content).decode()}
        else:
            return None
        role = "startup-script" if kind == "startupScript" else kind
        # Not the etag: under KMS it is no digest of the content and would differ forever.
        digest = hashlib.sha256(content).hexdigest()
        upload = self._upload(role, KEYS[kind], ready, source_hash=digest, **body)
        return Artifact(KEYS[kind], upload.version_id)

    def _upload(
        self, role: str, key: str, ready: list[pulumi.Resource], **body: Any
    ) -> "s3.BucketObjectv2":
        return s3.BucketObjectv2(
            f"{self._name}-{role}",
            bucket=self.bucket_name,
            key=key,
            **body,
            opts=self._options(*ready),
        )


def _default_encryption(
    key: pulumi.Input[str] | None,
) -> "s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs":
    return s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="AES256" if key is None else "aws:kms", kms_master_key_id=key
    )
