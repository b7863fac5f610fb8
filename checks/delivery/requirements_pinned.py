"""Versions of requirements."""

import re
from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.delivered import requirements, without_credentials
from checks.sources import GUIDE
from mwaa.subject import Subject


class RequirementsPinned(Check):
    id = "mwaa-delivery-requirements-pinned"
    title = "Every requirement names an exact version or an upper bound"
    severity = "advisory"
    why = "Each new worker installs anew: an open version changes the environment overnight."
    remedy = Remedy(
        setting="requirementsFile: name==version on every line",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = requirements(subject)
        for line in found.packages if found else ():
            local = line.startswith(("/", ".")) or line.endswith(".whl")
            if not local and (not re.search(r"==|<=|<|~=", line) or "git+" in line):
                yield fail(
                    f"requirement {without_credentials(line.split()[0])!r} has no exact version"
                )
