"""The form of the startup script."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.airflow_options import forced_variable
from mwaa.service.image import is_protected
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class StartupScriptIsShell(Rule):
    id = "mwaa-delivery-startup-script-is-shell"
    title = "The startup script is a shell script that leaves MWAA's own variables alone"
    enforcement = "advisory"
    severity = "medium"
    why = "MWAA runs it with bash and then restores its variables: what was exported is lost."
    fix = Fix(
        setting="startupScriptFile",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = GUIDE + "using-startup-script.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None:
            return
        if found.shebang and not re.search(r"\b(ba|da)?sh\b", found.shebang):
            yield fail(f"the startup script begins with {found.shebang!r}")
        if found.has_windows_ends:
            yield fail("the startup script has line ends of Windows, which bash does not take")
        version = require(platform.environment.airflow_version, "the Airflow version") or ""
        for one in found.exports:
            if is_protected(one.name) or forced_variable(one.name, version):
                yield fail(f"line {one.line} sets {one.name}, which belongs to MWAA")
