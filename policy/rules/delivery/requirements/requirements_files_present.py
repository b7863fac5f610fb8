"""Files that the requirements name."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.analysis.artifacts.requirements import Line, place
from policy.rules.facts.artifacts import is_delivered, requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import GUIDE

NAMING = ("--constraint", "--requirement", "--find-links", "--editable")


class RequirementsFilesPresent(Rule):
    id = "mwaa-delivery-requirements-files-present"
    title = "Every file that the requirements name is in the DAG folder or in plugins.zip"
    enforcement = "mandatory"
    severity = "high"
    why = "pip stops where it cannot open a file, and installs nothing: no DAG finds its packages."
    fix = Fix(
        setting="pluginsFile: with the file in it, named /usr/local/airflow/plugins/FILE",
        command="mwaa sync, before the environment is created or updated",
    )
    source = GUIDE + "working-dags-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        for where, line in found.lines if found else ():
            named = _named(line)
            spot = place(named)
            if named.startswith("s3://"):
                yield fail(f"{where} names {named}; pip opens no address of S3")
            if not named or spot.room == "address":
                continue
            there = is_delivered(platform, spot)
            if not known(there):
                yield unknown(f"{where} names {named}: not known whether it is there")
            elif not there and spot.room == "beside":
                yield fail(f"{where} names {named}, which pip looks for beside requirements.txt")
            elif not there:
                yield fail(f"{where} names {named}, which is not delivered")


def _named(line: Line) -> str:
    """The path that a line opens; empty for none."""
    if line.option in NAMING:
        return line.value if "+" not in line.value.partition("://")[0] else ""
    is_path = "://" not in line.target or line.target.startswith("file:")
    return line.target if is_path else ""
