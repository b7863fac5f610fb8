"""The startup script where there is no internet."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import is_offline, script, urls
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE

FETCH = re.compile(r"^\s*(?:sudo\s+)?(curl|wget|git clone|pip3? install|yum|dnf)\b", re.MULTILINE)


class StartupScriptOffline(Rule):
    id = "mwaa-delivery-startup-script-offline"
    title = "The startup script of a private environment fetches nothing"
    enforcement = "advisory"
    severity = "high"
    why = "It hangs until its five minutes are over, and the container starts again, and again."
    fix = Fix(
        setting="startupScriptFile: branch on $MWAA_AIRFLOW_COMPONENT, fetch nothing",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = GUIDE + "using-startup-script.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        text = script(platform)
        if text is None or not is_offline(platform):
            return
        lines = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
        for command in sorted(set(FETCH.findall(lines))):
            yield fail(f"the startup script runs {command}")
        for url in urls(lines):
            yield fail(f"the startup script names {url}")
