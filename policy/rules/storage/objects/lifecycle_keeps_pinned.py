"""What lifecycle rules delete."""

from collections.abc import Iterator

from mwaa.model.platform import LifecycleRule, Platform, known
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, each, fail, require
from policy.rules.sources import S3

LEAST_DAYS = 365


class LifecycleKeepsPinned(Rule):
    id = "mwaa-storage-lifecycle-keeps-pinned"
    title = "No lifecycle rule deletes DAGs or pinned versions"
    enforcement = "mandatory"
    severity = "critical"
    why = "A worker that starts later cannot load a pinned version that has expired."
    fix = Fix(
        setting="noncurrentVersionDays (never applies to pinned files)",
        command="aws s3api get-bucket-lifecycle-configuration --bucket BUCKET",
    )
    source = S3 + "object-lifecycle-mgmt.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        environment = platform.environment
        pinned = [
            path
            for path in (
                environment.requirements_s3_path,
                environment.plugins_s3_path,
                environment.startup_script_s3_path,
            )
            if known(path) and path
        ]
        dags = require(environment.dag_s3_path, "the path of the DAGs").strip("/") + "/"

        def one(rule: LifecycleRule) -> Iterator[Finding]:
            if not require(rule.enabled, "whether a lifecycle rule is enabled"):
                return
            prefix = require(rule.prefix, "the prefix of a lifecycle rule")
            days = require(rule.noncurrent_days, "the days of a lifecycle rule")
            hit = [path for path in pinned if path.startswith(prefix)]
            if hit and days is not None and days < LEAST_DAYS:
                yield fail(
                    f"rule {rule.id} deletes versions of {hit[0]} after {days} days", found.id
                )
            current = (
                require(rule.current_days, "the days of a lifecycle rule"),
                require(rule.current_date, "the date of a lifecycle rule"),
            )
            here = dags.startswith(prefix) or prefix.startswith(dags) or hit
            if here and current != (None, None):
                yield fail(f"rule {rule.id} deletes current objects below {prefix!r}", found.id)

        return each(require(found.lifecycle, "the bucket's lifecycle rules"), one)
