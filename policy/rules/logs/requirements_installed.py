"""What pip said in the containers."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.logs import requirements
from policy.rules.facts.logs import troubles
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule
from policy.rules.sources import IMAGES


class RequirementsInstalled(Rule):
    id = "mwaa-logs-requirements-installed"
    title = "No container reports that pip failed to install the requirements"
    enforcement = "mandatory"
    severity = "high"
    why = "The environment becomes AVAILABLE without any of them: MWAA ignores that pip failed."
    fix = Fix(
        setting="requirementsFile: what `mwaa preflight` accepts",
        command="aws logs tail airflow-NAME-Worker --log-stream-name-prefix requirements_install"
        " --since 30d",
    )
    source = IMAGES
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.requirements_s3_path is None:
            return iter(())
        return troubles(platform, requirements)
