"""The startup script where there is no internet."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import is_codeartifact
from mwaa.service.image import STARTUP_MINUTES
from policy.analysis.artifacts.fetches import fetch, is_pip_offline, pip_indexes
from policy.rules.facts.artifacts import is_offline, script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class StartupScriptOffline(Rule):
    id = "mwaa-delivery-startup-script-offline"
    title = "The startup script of a private environment fetches nothing"
    enforcement = "advisory"
    severity = "high"
    why = f"It hangs until its {STARTUP_MINUTES} minutes are over, in every container that starts."
    fix = Fix(
        setting="startupScriptFile: branch on $MWAA_AIRFLOW_COMPONENT, fetch nothing",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh (what it needs: in plugins.zip)",
    )
    source = GUIDE + "using-startup-script.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None or not found.commands or not is_offline(platform):
            return
        indexes = pip_indexes(found)
        # pip has an index in reach: which endpoints that needs is judged with the requirements.
        has_index = bool(indexes) and all(is_codeartifact(i) or i.startswith("$") for i in indexes)
        for command in found.commands:
            what = fetch(command)
            if what.startswith("pip ") and (has_index or is_pip_offline(found)):
                continue
            if what:
                yield fail(f"line {command.line} of the startup script runs {what}")
