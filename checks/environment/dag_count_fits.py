"""The number of DAGs against the class."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.measured import latest
from checks.sources import GUIDE
from mwaa.classes import CLASSES
from mwaa.subject import Subject


class DagCountFits(Check):
    id = "mwaa-environment-dag-count-fits"
    title = "The class can carry the number of DAGs"
    severity = "advisory"
    why = "Above a class's capacity the scheduler lags and database connections are dropped."
    remedy = Remedy(
        setting="environmentClass: the next larger one",
        command="aws mwaa update-environment --name NAME --environment-class mw1.medium",
    )
    source = GUIDE + "environment-class.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        size = latest(subject, "DagBagSize")
        name = need(subject.environment.environment_class, "the environment class")
        allowed = CLASSES.get(name or "mw1.small")
        if size and allowed and (size.value or 0) > allowed.dags:
            yield fail(f"{size.value:.0f} DAGs; {allowed.name} is made for {allowed.dags}")
