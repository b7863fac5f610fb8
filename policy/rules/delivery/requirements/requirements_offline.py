"""Requirements where there is no internet."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import CODEARTIFACT, is_codeartifact
from mwaa.service.image import HOME
from policy.analysis.artifacts.fetches import is_inside, is_pip_offline, pip_indexes
from policy.rules.facts.artifacts import (
    Requirements,
    is_offline,
    requirements,
    script,
    without_credentials,
)
from policy.rules.facts.endpoints import present
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE

UNSEEN = "whether it answers inside the network cannot be seen"


class RequirementsOffline(Rule):
    id = "mwaa-delivery-requirements-offline"
    title = "A private environment installs from its own plugins, or from CodeArtifact by endpoints"
    enforcement = "mandatory"
    severity = "high"
    why = "The private web server reaches no package index: pip hangs, the update rolls back."
    fix = Fix(
        setting="requirementsFile: --no-index and --find-links /usr/local/airflow/plugins",
        command="pip download -r requirements.txt -d wheels (and zip them into plugins.zip)",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None or not (found.packages or found.unread) or not is_offline(platform):
            return
        indexes, has_index = found.values("--index-url"), False
        for where, line in found.asked:
            for url in line.addresses:
                if is_codeartifact(url):
                    has_index = has_index or line.value in indexes
                    yield from _unreached(platform, f"{where} names {without_credentials(url)}")
                elif is_inside(url):
                    has_index = has_index or line.value in indexes
                    yield unknown(f"{where} names {without_credentials(url)}: {UNSEEN}")
                else:
                    yield fail(f"{where} names {without_credentials(url)}, which cannot be reached")
        if not has_index and not found.has("--no-index"):
            yield from _without_index(platform, found)
        elif not has_index:
            yield from _without_links(found)


def _without_index(platform: Platform, found: Requirements) -> Iterator[Finding]:
    """No line says where packages come from: the startup script may, or a file that is unread."""
    if found.unread:
        yield from found.unknowns()
        return
    startup = script(platform)
    if startup is not None and is_pip_offline(startup):
        return
    given = pip_indexes(startup) if startup is not None else []
    for url in given:
        if is_codeartifact(url) or url.startswith("$"):
            yield from _unreached(platform, "the startup script gives pip an index")
        elif is_inside(url):
            yield unknown(f"the startup script gives pip {without_credentials(url)}: {UNSEEN}")
        else:
            yield fail(f"the startup script gives pip {without_credentials(url)}, not in reach")
    if not given:
        yield fail("the requirements have no --no-index")


def _without_links(found: Requirements) -> Iterator[Finding]:
    folders = found.values("--find-links")
    if not any(folder.startswith(HOME) for folder in folders):
        yield fail(f"the requirements have no --find-links to a folder below {HOME}")


def _unreached(platform: Platform, who: str) -> Iterator[Finding]:
    """CodeArtifact answers inside the VPC where it has endpoints of its own."""
    region = require(platform.account.region, "the region")
    missing = [suffix for suffix in CODEARTIFACT if not present(platform, suffix, region)]
    if missing:
        verdict = unknown if "endpoints" in platform.partial else fail
        yield verdict(f"{who} and no endpoint for {', '.join(missing)} exists")
