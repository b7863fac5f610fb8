"""Names of modules that are delivered."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import TAKEN
from policy.rules.facts.artifacts import artifact
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class NoShadowing(Rule):
    id = "mwaa-delivery-no-shadowing"
    title = "No module in plugins.zip takes the name of one that Airflow imports"
    enforcement = "mandatory"
    severity = "high"
    why = "The plugins folder is on the import path: a types.py there breaks every component."
    fix = Fix(
        setting="pluginsFile: rename the module",
        command="zip -d plugins.zip types.py",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = artifact(platform, platform.environment.plugins_s3_path, "plugins")
        if found is None:
            return
        tops = {
            name.partition("/")[0] for name in require(found.members, "the names in plugins.zip")
        }
        for top in sorted(tops):
            module = top.removesuffix(".py")
            if module in TAKEN and (top.endswith(".py") or "." not in top):
                yield fail(f"{found.key} holds {top}")
