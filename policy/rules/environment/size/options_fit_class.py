"""Options that ask more of the class than it has."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.classes import CLASSES, beyond
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class OptionsFitClass(Rule):
    id = "mwaa-environment-options-fit-class"
    title = "Airflow options ask no more of the environment class than it has"
    enforcement = "advisory"
    severity = "medium"
    why = "More tasks or parsers than a container has room for make all of them slow, or end it."
    fix = Fix(
        setting="environmentClass, maxWorkers, or airflowConfigurationOptions with smaller values",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options"
        " file://options.json (all options, with this one corrected)",
    )
    source = GUIDE + "best-practices-tuning.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        environment = platform.environment
        options = require(environment.options, "the Airflow options")
        name = require(environment.environment_class, "the environment class")
        size = CLASSES.get(name or "mw1.small")
        if size is None or not options:
            return
        workers = require(environment.max_workers, "maxWorkers") or size.workers.default
        schedulers = require(environment.schedulers, "schedulers") or size.schedulers.default
        plain = {key: value for key, value in options.items() if known(value)}
        for key, reason in beyond(plain, size, workers=workers, schedulers=schedulers):
            yield fail(f"{key}: {reason}")
        if hidden := sorted(set(options) - set(plain)):
            yield unknown(f"not known: the values of {', '.join(hidden)}")
