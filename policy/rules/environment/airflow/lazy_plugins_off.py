"""Lazy loading of plugins in Airflow 2."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.versions import major
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class LazyPluginsOff(Rule):
    id = "mwaa-environment-lazy-plugins-off"
    title = "Airflow 2 with plugins loads them at its start"
    enforcement = "advisory"
    severity = "low"
    why = "Airflow 2 loads plugins lazily, so what a plugin sets up at import time never happens."
    fix = Fix(
        setting='airflowConfigurationOptions: {core.lazy_load_plugins: "False"}',
        command="aws mwaa update-environment --name NAME"
        " --airflow-configuration-options core.lazy_load_plugins=False",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        version = require(platform.environment.airflow_version, "the Airflow version")
        plugins = require(platform.environment.plugins_s3_path, "the path of the plugins")
        if plugins is None or version is None or major(version) != 2:
            return
        value = require(platform.environment.options, "the Airflow options").get(
            "core.lazy_load_plugins", "True"
        )
        if known(value) and value.lower() != "false":
            yield fail("core.lazy_load_plugins is not False while plugins are set")
