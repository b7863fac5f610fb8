"""Versions of requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
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
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        for where, line in found.packages:
            # What comes from an address or a path is the same wheel, or another rule's matter.
            if line.requirement is not None and not line.target and not line.is_bounded:
                yield fail(f"{where} requires {line.name} in any version")
        yield from found.unknowns()
