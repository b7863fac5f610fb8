"""Requirements that come from an address."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements, without_credentials
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class RequirementsFromIndex(Rule):
    id = "mwaa-delivery-requirements-from-index"
    title = "Every requirement comes from a package index or from plugins.zip"
    enforcement = "advisory"
    severity = "medium"
    why = "A repository or an address gives another package tomorrow, or none."
    fix = Fix(
        setting="requirementsFile: name==version, with the wheel in plugins.zip",
        command="pip wheel ADDRESS -w plugins (and zip it into plugins.zip)",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        for where, line in found.packages:
            if "://" in line.target and not line.target.startswith("file://"):
                yield fail(f"{where} installs from {without_credentials(line.target)}")
        yield from found.unknowns()
