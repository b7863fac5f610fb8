"""Lines that pip cannot read."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import Requirements, requirements
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
        yield from _hashes(found)
        yield from found.unknowns()


def _hashes(found: Requirements) -> Iterator[Finding]:
    """With one hash, pip takes no requirement without one, and none without its exact version.

    https://pip.pypa.io/en/stable/topics/secure-installs/ (read 2026-11-27)
    """
    packages = found.packages
    hashed = [where for where, line in packages if line.is_hashed]
    if not hashed and not found.has("--require-hashes"):
        return
    because = f"{hashed[0]} has one" if hashed else "--require-hashes"
    for where, line in packages:
        if not line.is_hashed:
            yield fail(f"{where} has no --hash ({because}: pip then asks for all)")
        elif line.requirement is not None and not (line.is_pinned or line.requirement.url):
            yield fail(f"{where} has a --hash and no exact version, which pip asks for with it")
