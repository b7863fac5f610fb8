"""What the startup script leaves behind."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import HARMFUL_VARIABLES
from policy.analysis.artifacts.shell import Script
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE

OFF = ("", "0", "false", "no", "off")


class StartupScriptExportsHarmless(Rule):
    id = "mwaa-delivery-startup-script-exports-harmless"
    title = "What the startup script exports does not bend pip and Python for Airflow"
    enforcement = "advisory"
    severity = "high"
    why = "Every variable stays for the installation of the requirements, Airflow and all tasks."
    fix = Fix(
        setting="startupScriptFile: set it for one command (PIP_USER=false pip ...), or unset it",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = GUIDE + "using-startup-script.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None:
            return
        for one in found.exports:
            harm = HARMFUL_VARIABLES.get(one.name)
            if harm and one.value.lower() not in OFF:
                yield fail(f"line {one.line} leaves {one.name} set: {harm}")
            if one.name == "PATH" and "PATH" not in one.value:
                yield fail(f"line {one.line} replaces PATH: Airflow's own programs are not found")
        yield from _activated(found)


def _activated(found: Script) -> Iterator[Finding]:
    """An activated virtual environment takes the requirements that the image installs."""
    for command in found.commands:
        if command.program in ("source", ".") and command.arguments[:1]:
            path = command.arguments[0]
            later = [one.line for one in found.commands if one.program == "deactivate"]
            if path.endswith("bin/activate") and not any(line >= command.line for line in later):
                yield fail(
                    f"line {command.line} activates {path} and nothing deactivates it: the "
                    "requirements are installed there, and Airflow does not find them"
                )
