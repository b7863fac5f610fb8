"""The layout of plugins.zip."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import artifact
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class PluginsAtRoot(Rule):
    id = "mwaa-delivery-plugins-at-root"
    title = "plugins.zip holds its files at its root"
    enforcement = "advisory"
    severity = "medium"
    why = "MWAA unpacks it into the plugins folder: one folder around everything hides it all."
    fix = Fix(
        setting="pluginsFile",
        command="(cd plugins && zip -r ../plugins.zip .)",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = artifact(platform, platform.environment.plugins_s3_path, "plugins")
        if found is None:
            return
        names = require(found.members, f"the names in {found.key}") or ()
        tops = {name.partition("/")[0] for name in names}
        if len(tops) == 1 and all("/" in name for name in names):
            # A package is one folder too, but it has an __init__.py of its own.
            top = tops.pop()
            if f"{top}/__init__.py" not in names:
                yield fail(f"everything in {found.key} lies below {top}/")
