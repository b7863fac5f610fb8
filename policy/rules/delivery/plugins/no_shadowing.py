"""Names of modules that are delivered."""

from collections.abc import Iterable, Iterator

from mwaa.model.platform import Platform
from mwaa.service.image import TAKEN
from policy.rules.facts.artifacts import artifact, dags_folder
from policy.rules.facts.resources import bucket
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class NoShadowing(Rule):
    id = "mwaa-delivery-no-shadowing"
    title = "No module among the plugins or DAGs takes the name of one that Airflow imports"
    enforcement = "mandatory"
    severity = "high"
    why = "Both folders come first on the import path: a types.py there breaks every component."
    fix = Fix(
        setting="pluginsFile, dagsFolder: rename the module",
        command="zip -d plugins.zip types.py",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = artifact(platform, platform.environment.plugins_s3_path, "plugins")
        if found is not None:
            names = require(found.members, f"the names in {found.key}") or ()
            yield from (fail(f"{found.key} holds {top}") for top in _hiding(names))
        folder = dags_folder(platform)
        keys = (one.key for one in require(bucket(platform).objects, "the objects of the bucket"))
        below = [key.removeprefix(folder) for key in keys if key.startswith(folder)]
        yield from (fail(f"{folder} holds {top}") for top in _hiding(below))


def _hiding(names: Iterable[str]) -> list[str]:
    """Modules and packages at the root of ``names`` that hide others; a folder without an
    ``__init__.py`` comes after every real package and hides none."""
    found = set(names)
    tops = {name.partition("/")[0] for name in found}
    return sorted(
        top
        for top in tops
        if top.removesuffix(".py") in TAKEN
        and (top.endswith(".py") or f"{top}/__init__.py" in found)
    )
