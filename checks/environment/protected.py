"""Protection from an accidental destroy."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, each, fail, need
from mwaa.subject import Bucket, Key, Maybe, Subject


class Protected(Check):
    id = "mwaa-environment-protected"
    title = "Environment, bucket and key are protected from a destroy"
    severity = "advisory"
    why = "Their loss takes run history, DAGs and everything encrypted with the key."
    remedy = Remedy(setting="protect: true", command="pulumi state protect URN")
    source = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        parts: list[tuple[str, str | None, Maybe[bool]]] = [
            ("environment", subject.environment.id, subject.environment.protected)
        ]
        if isinstance(subject.bucket, Bucket):
            parts.append(("bucket", subject.bucket.id, subject.bucket.protected))
        if isinstance(subject.key, Key):
            parts.append(("key", subject.key.id, subject.key.protected))

        def one(part: tuple[str, str | None, Maybe[bool]]) -> Iterator[Finding]:
            name, identity, protected = part
            if not need(protected, f"whether the {name} is protected"):
                yield fail(f"the {name} is not protected", identity)

        return each(parts, one)
