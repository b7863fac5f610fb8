"""The form of the startup script."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import script
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE

PROTECTED = re.compile(
    r"^\s*export\s+(MWAA__\w+|AIRFLOW_HOME|AIRFLOW_VERSION|AWS_REGION|PYTHONPATH"
    r"|AIRFLOW__WEBSERVER__BASE_URL)=",
    re.MULTILINE,
)


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
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        text = script(platform)
        if text is None:
            return
        first = text.partition("\n")[0]
        if first.startswith("#!") and not re.search(r"\b(ba)?sh\b", first):
            yield fail(f"the startup script begins with {first!r}")
        for name in PROTECTED.findall(text):
            yield fail(f"the startup script sets {name}, which belongs to MWAA")
