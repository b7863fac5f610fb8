"""The number of DAGs against the class."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.classes import CLASSES
from policy.rules.facts.metrics import latest
from policy.rules.rule import AFTERWARDS, LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class DagCountFits(Rule):
    id = "mwaa-environment-dag-count-fits"
    title = "The class is large enough for the number of DAGs"
    enforcement = "advisory"
    severity = "low"
    why = "Above a class's capacity the scheduler lags and database connections are dropped."
    fix = Fix(
        setting="environmentClass: the next larger one",
        command="aws mwaa update-environment --name NAME --environment-class mw1.medium",
    )
    source = GUIDE + "environment-class.html"
    origins = LIVE
    stages = AFTERWARDS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        size = latest(platform, "DagBagSize")
        name = require(platform.environment.environment_class, "the environment class")
        allowed = CLASSES.get(name or "mw1.small")
        if size and allowed and (size.value or 0) > allowed.dags:
            yield fail(f"{size.value:.0f} DAGs; {allowed.name} is made for {allowed.dags}")
