"""The form of the startup script."""

import re
from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.delivered import script
from checks.sources import GUIDE
from mwaa.subject import Subject

PROTECTED = re.compile(
    r"^\s*export\s+(MWAA__\w+|AIRFLOW_HOME|AIRFLOW_VERSION|AWS_REGION|PYTHONPATH"
    r"|AIRFLOW__WEBSERVER__BASE_URL)=",
    re.MULTILINE,
)


class StartupScriptIsShell(Check):
    id = "mwaa-delivery-startup-script-is-shell"
    title = "The startup script is a shell script that leaves MWAA's own variables alone"
    severity = "advisory"
    why = "MWAA runs it with bash and then restores its variables: what was exported is lost."
    remedy = Remedy(
        setting="startupScriptFile",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = GUIDE + "using-startup-script.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        text = script(subject)
        if text is None:
            return
        first = text.partition("\n")[0]
        if first.startswith("#!") and not re.search(r"\b(ba)?sh\b", first):
            yield fail(f"the startup script begins with {first!r}")
        for name in PROTECTED.findall(text):
            yield fail(f"the startup script sets {name}, which belongs to MWAA")
