"""A startup script that bash can read."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import GUIDE


class StartupScriptParses(Rule):
    id = "mwaa-delivery-startup-script-parses"
    title = "bash understands every line of the startup script"
    enforcement = "advisory"
    severity = "high"
    why = "bash stops at a line it does not understand; what comes after it does not run."
    fix = Fix(setting="startupScriptFile", command="bash -n startup.sh")
    source = GUIDE + "using-startup-script.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        # A script for another interpreter is no bash at all; that is told once.
        if found is None or (found.shebang and "sh" not in found.shebang):
            return
        for line in found.unread[:3]:
            yield fail(f"line {line} of the startup script is not understood")
