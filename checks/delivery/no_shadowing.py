"""Names of modules that are delivered."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail, need
from checks.delivered import artefact
from checks.sources import GUIDE
from mwaa.modules import TAKEN
from mwaa.subject import Subject


class NoShadowing(Check):
    id = "mwaa-delivery-no-shadowing"
    title = "No module in plugins.zip takes the name of one that Airflow imports"
    severity = "mandatory"
    why = "The plugins folder is on the import path: a types.py there breaks every component."
    remedy = Remedy(
        setting="pluginsFile: rename the module",
        command="zip -d plugins.zip types.py",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = artefact(subject, subject.environment.plugins_s3_path, "plugins")
        if found is None:
            return
        tops = {name.partition("/")[0] for name in need(found.members, "the names in plugins.zip")}
        for top in sorted(tops):
            module = top.removesuffix(".py")
            if module in TAKEN and (top.endswith(".py") or "." not in top):
                yield fail(f"{found.key} holds {top}")
