"""The bucket's name."""

import re
from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import bucket
from checks.sources import S3
from mwaa.subject import Subject


class NamePlain(Check):
    id = "mwaa-storage-name-plain"
    title = "The bucket's name has no dots"
    severity = "advisory"
    why = "TLS certificates do not match bucket names with dots; MWAA refuses capitals and _."
    remedy = Remedy(
        setting="bucketName",
        command="aws s3api create-bucket --bucket NAME (a bucket cannot be renamed)",
    )
    source = S3 + "bucketnamingrules.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = bucket(subject)
        name = need(found.name, "the bucket's name")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name):
            yield fail(f"bucket name {name!r}", found.id)
