"""An archive that can be unpacked."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from mwaa.model.platform import Platform, known
from mwaa.service.image import MOST_UNPACKED_BYTES
from policy.rules.facts.artifacts import plugins
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class PluginsUnpack(Rule):
    id = "mwaa-delivery-plugins-unpack"
    title = "plugins.zip can be unpacked, into the plugins folder and quickly enough"
    enforcement = "mandatory"
    severity = "high"
    why = "Every container unpacks it before Airflow starts; without it no plugin and no wheel."
    fix = Fix(
        setting="pluginsFile: an archive that `mwaa build` writes",
        command="(cd plugins && zip -r ../plugins.zip .)",
    )
    source = GUIDE + "configuring-dag-import-plugins.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = plugins(platform)
        if found is None:
            return
        names = require(found.members, f"the names in {found.key}")
        if names is None:
            yield fail(f"{found.key} is no archive, or a damaged one")
            return
        for name in names:
            parts = PurePosixPath(name.replace("\\", "/")).parts
            if name.startswith(("/", "\\")) or ".." in parts:
                yield fail(f"{found.key} holds {name}, which leaves the plugins folder")
        if known(found.unpacked) and found.unpacked > MOST_UNPACKED_BYTES:
            yield fail(f"{found.key} unpacks to {found.unpacked / 1024**3:.1f} GiB")
