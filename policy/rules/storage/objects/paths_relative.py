"""The paths in the bucket."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform, known
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE

# What Airflow loads DAGs from: a folder is not called so.
FILES = (".py", ".zip")


class PathsRelative(Rule):
    id = "mwaa-storage-paths-relative"
    title = "Paths in the bucket are relative to it"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses s3:// and a leading slash: service, partition, or resource must be passed."
    fix = Fix(
        setting="dagS3Path: dags",
        command="aws mwaa update-environment --name NAME --dag-s3-path dags",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        e = platform.environment
        paths: list[tuple[str, Maybe[str | None]]] = [
            ("dagS3Path", e.dag_s3_path),
            ("requirementsS3Path", e.requirements_s3_path),
            ("pluginsS3Path", e.plugins_s3_path),
            ("startupScriptS3Path", e.startup_script_s3_path),
        ]

        source = e.source_bucket
        # Before the bucket exists its URN stands for the ARN.
        if known(source) and source.startswith("arn:") and "/" in source:
            yield fail(f"sourceBucketArn {source!r} does not end with the bucket's name")

        def one(path: tuple[str, Maybe[str | None]]) -> Iterator[Finding]:
            value = require(path[1], path[0])
            if value is None:
                return
            if "://" in value or value.startswith("/"):
                yield fail(f"{path[0]} {value!r}")
            elif path[0] != "dagS3Path" and value.endswith("/"):
                yield fail(f"{path[0]} {value!r} names a folder, not a file")
            elif path[0] == "dagS3Path" and value.endswith(FILES):
                yield fail(f"{path[0]} {value!r} names a file, not a folder")

        yield from each(paths, one)
