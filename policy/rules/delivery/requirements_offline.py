"""Requirements where there is no internet."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import CODEARTIFACT, is_codeartifact
from policy.rules.facts.artifacts import is_offline, requirements, urls
from policy.rules.facts.endpoints import present
from policy.rules.rule import (
    PLAN,
    Finding,
    Fix,
    Rule,
    fail,
    require,
    unknown,
)
from policy.rules.sources import GUIDE

LINKS = ("--find-links", "-f")
# Where the image unpacks plugins.zip and puts the DAGs.
AIRFLOW_HOME = "/usr/local/airflow/"


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
    origins = PLAN

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None or not found.packages or not is_offline(platform):
            return
        has_index = False
        for line in (*found.options, *found.packages):
            for url in urls(line):
                if not is_codeartifact(url):
                    yield fail(f"the requirements name {url}, which cannot be reached")
                    continue
                has_index = has_index or _words(line)[0] in ("--index-url", "-i")
                yield from _unreached(platform, url)
        options = [_words(option) for option in found.options]
        offline = ["--no-index"] in options
        if has_index and not offline:
            return
        if not offline:
            yield fail("the requirements have no --no-index")
        folders = [words[-1] for words in options if words[0] in LINKS]
        if not any(folder.startswith(AIRFLOW_HOME) for folder in folders):
            yield fail(f"the requirements have no --find-links to a folder below {AIRFLOW_HOME}")


def _words(line: str) -> list[str]:
    """An option and its value, which pip takes after a space or an equals sign."""
    return line.replace("=", " ", 1).replace('"', "").replace("'", "").split()


def _unreached(platform: Platform, url: str) -> Iterator[Finding]:
    """CodeArtifact answers inside the VPC where it has endpoints of its own."""
    region = require(platform.account.region, "the region")
    missing = [suffix for suffix in CODEARTIFACT if not present(platform, suffix, region)]
    if missing:
        verdict = unknown if "endpoints" in platform.partial else fail
        yield verdict(
            f"the requirements name {url} and no endpoint for {', '.join(missing)} exists"
        )
