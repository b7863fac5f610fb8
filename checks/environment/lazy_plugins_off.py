"""Lazy loading of plugins in Airflow 2."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject, known
from mwaa.versions import major


class LazyPluginsOff(Check):
    id = "mwaa-environment-lazy-plugins-off"
    title = "Airflow 2 with plugins loads them at its start"
    severity = "advisory"
    why = "Airflow 2 loads plugins lazily, so what a plugin sets up at import time never happens."
    remedy = Remedy(
        setting='airflowConfigurationOptions: {core.lazy_load_plugins: "False"}',
        command="aws mwaa update-environment --name NAME"
        " --airflow-configuration-options core.lazy_load_plugins=False",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        version = need(subject.environment.airflow_version, "the Airflow version")
        plugins = need(subject.environment.plugins_s3_path, "the path of the plugins")
        if plugins is None or version is None or major(version) != 2:
            return
        value = need(subject.environment.options, "the Airflow options").get(
            "core.lazy_load_plugins", "True"
        )
        if known(value) and value.lower() != "false":
            yield fail("core.lazy_load_plugins is not False while plugins are set")
