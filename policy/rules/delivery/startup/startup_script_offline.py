"""The startup script where there is no internet."""

from collections.abc import Iterable, Iterator

from mwaa.model.platform import Platform
from mwaa.service.endpoints import is_codeartifact
from mwaa.service.image import STARTUP_MINUTES
from policy.analysis.artifacts.fetches import fetch, is_inside, is_pip_offline, pip_indexes
from policy.rules.facts.artifacts import is_offline, script
from policy.rules.facts.endpoints import needs_endpoints
from policy.rules.rule import FILES, Finding, Fix, Rule, Undecided, fail, unknown
from policy.rules.sources import GUIDE


class StartupScriptOffline(Rule):
    id = "mwaa-delivery-startup-script-offline"
    title = "The startup script fetches nothing where there is no internet"
    enforcement = "advisory"
    severity = "high"
    why = f"It hangs until its {STARTUP_MINUTES} minutes are over, in every container that starts."
    fix = Fix(
        setting="startupScriptFile: fetch nothing; with egress, not where the web server runs it",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh (what it needs: in plugins.zip)",
    )
    source = GUIDE + "using-startup-script.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        if found is None or not found.commands or not is_offline(platform):
            return
        indexes = pip_indexes(found)
        # pip has an index in reach: which endpoints that needs is judged with the requirements.
        has_index = bool(indexes) and all(map(_may_answer, indexes))
        elsewhere = []
        for command in found.commands:
            what = fetch(command)
            if what.startswith(("pip ", "uv ")) and (has_index or is_pip_offline(found)):
                continue
            said = f"line {command.line} of the startup script runs {what}"
            if what and command.webserver:
                yield fail(said)
            elif what:
                elsewhere.append(said)
        if elsewhere:
            yield from _elsewhere(platform, elsewhere)


def _may_answer(index: str) -> bool:
    return is_codeartifact(index) or index.startswith("$") or is_inside(index)


def _elsewhere(platform: Platform, said: Iterable[str]) -> Iterator[Finding]:
    """What runs on schedulers and workers alone: their subnets may lead to the internet."""
    try:
        is_closed = needs_endpoints(platform)
    except Undecided as reason:
        yield from (unknown(f"{one} ({reason})") for one in said)
        return
    if is_closed:
        yield from map(fail, said)
