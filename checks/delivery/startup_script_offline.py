"""The startup script where there is no internet."""

import re
from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.delivered import is_offline, script, urls
from checks.sources import GUIDE
from mwaa.subject import Subject

FETCH = re.compile(r"^\s*(?:sudo\s+)?(curl|wget|git clone|pip3? install|yum|dnf)\b", re.MULTILINE)


class StartupScriptOffline(Check):
    id = "mwaa-delivery-startup-script-offline"
    title = "The startup script of a private environment fetches nothing"
    severity = "advisory"
    why = "It hangs until its five minutes are over, and the container starts again, and again."
    remedy = Remedy(
        setting="startupScriptFile: branch on $MWAA_AIRFLOW_COMPONENT, fetch nothing",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = GUIDE + "using-startup-script.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        text = script(subject)
        if text is None or not is_offline(subject):
            return
        lines = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
        for command in sorted(set(FETCH.findall(lines))):
            yield fail(f"the startup script runs {command}")
        for url in urls(lines):
            yield fail(f"the startup script names {url}")
