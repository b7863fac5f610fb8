"""Versions of requirements."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements, without_credentials
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class RequirementsPinned(Rule):
    id = "mwaa-delivery-requirements-pinned"
    title = "Every requirement names an exact version or an upper bound"
    enforcement = "advisory"
    severity = "low"
    why = "Each new worker installs anew: an open version changes the environment overnight."
    fix = Fix(
        setting="requirementsFile: name==version on every line",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        for line in found.packages if found else ():
            local = line.startswith(("/", ".")) or line.endswith(".whl")
            if not local and (not re.search(r"==|<=|<|~=", line) or "git+" in line):
                yield fail(
                    f"requirement {without_credentials(line.split()[0])!r} has no exact version"
                )
