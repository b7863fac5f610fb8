"""What the startup script said in the containers."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.logs import startup
from policy.rules.facts.logs import troubles
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule
from policy.rules.sources import IMAGES


class StartupScriptSucceeded(Rule):
    id = "mwaa-logs-startup-script-succeeded"
    title = "No container reports that the startup script failed"
    enforcement = "mandatory"
    severity = "high"
    why = "The container stops, or runs without what the script was to set up."
    fix = Fix(
        setting="startupScriptFile: what `mwaa preflight` accepts",
        command="aws logs tail airflow-NAME-Worker"
        " --log-stream-name-prefix startup_script_execution --since 30d",
    )
    source = IMAGES
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.startup_script_s3_path is None:
            return iter(())
        return troubles(platform, startup)
