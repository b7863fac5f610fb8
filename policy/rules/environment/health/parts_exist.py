"""What the environment is made of."""

from collections.abc import Iterator

from mwaa.model.platform import Maybe, Platform, known
from policy.analysis.index import index_of
from policy.rules.facts.resources import group_ids
from policy.rules.rule import LIVE, Finding, Fix, Rule, each, fail, require
from policy.rules.sources import GUIDE


class PartsExist(Rule):
    id = "mwaa-environment-parts-exist"
    title = "The environment's bucket, key, role and security groups exist"
    enforcement = "mandatory"
    severity = "high"
    why = "Without one of them a create is refused, and a running environment fails by and by."
    fix = Fix(
        setting="existingBucketName, existingKeyArn, existingRoleArn and"
        " additionalSecurityGroupIds of this account and region",
        command="aws mwaa update-environment --name NAME (with what takes its place; a key cannot"
        " be replaced)",
    )
    source = GUIDE + "troubleshooting.html"
    origins = LIVE

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        parts: tuple[tuple[str, Maybe[str | None], Maybe[object]], ...] = (
            ("bucket", environment.source_bucket, platform.bucket),
            ("key", environment.kms_key, platform.key),
            ("role", environment.execution_role, platform.role),
        )

        def one(part: tuple[str, Maybe[str | None], Maybe[object]]) -> Iterator[Finding]:
            what, named, found = part
            name = require(named, f"the environment's {what}")
            if name and require(found, f"whether {what} {name} exists") is None:
                yield fail(f"{what} {name} does not exist", name)

        yield from each(parts, one)
        require(platform.security_groups, "the security groups")
        for identity in group_ids(platform):
            if known(identity) and identity not in index_of(platform).groups:
                yield fail(f"security group {identity} does not exist here", identity)
