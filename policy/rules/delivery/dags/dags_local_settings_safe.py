"""airflow_local_settings.py among the DAGs or plugins."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import LOCAL_SETTINGS
from policy.rules.facts.artifacts import dags_folder, members
from policy.rules.facts.resources import bucket
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import IMAGES


class DagsLocalSettingsSafe(Rule):
    id = "mwaa-delivery-dags-local-settings-safe"
    title = f"No {LOCAL_SETTINGS} lies among the DAGs or plugins"
    enforcement = "advisory"
    severity = "medium"
    why = (
        "The image executes it in every component (since 2026-02-25): what it raises stops them "
        "all, and its policy functions are not registered."
    )
    fix = Fix(
        setting="pluginsFile: cluster policies as a plugin with an entry point airflow.policy",
        command=f"aws s3 rm s3://BUCKET/dags/{LOCAL_SETTINGS}",
    )
    source = IMAGES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        key = f"{dags_folder(platform)}{LOCAL_SETTINGS}"
        objects = require(bucket(platform).objects, "the objects of the bucket")
        if any(one.key == key for one in objects):
            yield fail(f"{key} is executed by every component")
        if platform.environment.plugins_s3_path is None:
            return
        if LOCAL_SETTINGS in members(platform):
            yield fail(f"plugins.zip holds {LOCAL_SETTINGS}, which every component executes")
