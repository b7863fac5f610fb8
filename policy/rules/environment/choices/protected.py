"""Protection from an accidental destroy."""

from collections.abc import Iterator

from mwaa.model.platform import Bucket, Key, Maybe, Platform
from policy.rules.rule import (
    PLAN,
    Finding,
    Fix,
    Rule,
    each,
    fail,
    require,
)


class Protected(Rule):
    id = "mwaa-environment-protected"
    title = "Environment, bucket and key are protected from a destroy"
    enforcement = "advisory"
    severity = "high"
    why = "Their loss takes run history, DAGs and everything encrypted with the key."
    fix = Fix(setting="protect: true", command="pulumi state protect URN")
    source = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        parts: list[tuple[str, str | None, Maybe[bool]]] = [
            ("environment", platform.environment.id, platform.environment.protected)
        ]
        if isinstance(platform.bucket, Bucket):
            parts.append(("bucket", platform.bucket.id, platform.bucket.protected))
        if isinstance(platform.key, Key):
            parts.append(("key", platform.key.id, platform.key.protected))

        def one(part: tuple[str, str | None, Maybe[bool]]) -> Iterator[Finding]:
            name, identity, protected = part
            if not require(protected, f"whether the {name} is protected"):
                yield fail(f"the {name} is not protected", identity)

        return each(parts, one)
