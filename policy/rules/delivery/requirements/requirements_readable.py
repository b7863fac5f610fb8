"""Lines that pip cannot read."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail

FORMAT = "https://pip.pypa.io/en/stable/reference/requirements-file-format/"


class RequirementsReadable(Rule):
    id = "mwaa-delivery-requirements-readable"
    title = "pip understands every line of the requirements"
    enforcement = "mandatory"
    severity = "high"
    why = "pip stops at the first line it does not understand, and installs nothing."
    fix = Fix(
        setting="requirementsFile: one requirement or option of pip on each line",
        command="pip install --dry-run -r requirements.txt",
    )
    source = FORMAT
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        for where, line in found.lines:
            if line.problem:
                yield fail(f"{where}: {line.problem}")
        yield from found.unknowns()
