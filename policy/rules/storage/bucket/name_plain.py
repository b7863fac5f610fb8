"""The bucket's name."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import S3


class NamePlain(Rule):
    id = "mwaa-storage-name-plain"
    title = "The bucket's name has no dots"
    enforcement = "advisory"
    severity = "low"
    why = "TLS certificates do not match bucket names with dots; MWAA refuses capitals and _."
    fix = Fix(
        setting="bucketName",
        command="aws s3api create-bucket --bucket airflow-NAME (BUCKET cannot be renamed)",
    )
    source = S3 + "bucketnamingrules.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        name = require(found.name, "the bucket's name")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name):
            yield fail(f"bucket name {name!r}", found.id)
