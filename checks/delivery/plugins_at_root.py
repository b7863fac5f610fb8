"""The layout of plugins.zip."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.delivered import artefact
from checks.sources import GUIDE
from mwaa.subject import Subject


class PluginsAtRoot(Check):
    id = "mwaa-delivery-plugins-at-root"
    title = "plugins.zip holds its files at its root"
    severity = "advisory"
    why = "MWAA unpacks it into the plugins folder: one folder around everything hides it all."
    remedy = Remedy(
        setting="pluginsFile",
        command="(cd plugins && zip -r ../plugins.zip .)",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = artefact(subject, subject.environment.plugins_s3_path, "plugins")
        if found is None:
            return
        names = need(found.members, f"the names in {found.key}")
        tops = {name.partition("/")[0] for name in names}
        if len(tops) == 1 and all("/" in name for name in names):
            # A package is one folder too, but it has an __init__.py of its own.
            top = tops.pop()
            if f"{top}/__init__.py" not in names:
                yield fail(f"everything in {found.key} lies below {top}/")
