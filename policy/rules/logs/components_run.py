"""What scheduler, workers, web server and DAG processor said of late."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.logs import components
from policy.rules.facts.logs import troubles
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule
from policy.rules.sources import GUIDE


class ComponentsRun(Rule):
    id = "mwaa-logs-components-run"
    title = "Scheduler, workers, web server and DAG processor report no exceptions"
    enforcement = "advisory"
    severity = "high"
    why = "They tell what they miss: the database, a permission, a module, memory."
    fix = Fix(command="mwaa logs --environment NAME --component scheduler --since 3h")
    source = GUIDE + "t-cloudwatch-cloudtrail-logs.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        return troubles(platform, components)
