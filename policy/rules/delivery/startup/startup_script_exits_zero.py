"""Exit codes of the startup script."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import script
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import IMAGES


class StartupScriptExitsZero(Rule):
    id = "mwaa-delivery-startup-script-exits-zero"
    title = "The startup script does not count on its exit code"
    enforcement = "advisory"
    severity = "low"
    why = (
        "The image makes `exit` an alias that drops the code: the container goes on as if all "
        "were well, without the lines that come after it."
    )
    fix = Fix(
        setting="startupScriptFile: write what failed to the log, and go on",
        command="aws s3 cp startup.sh s3://BUCKET/startup.sh",
    )
    source = IMAGES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = script(platform)
        for command in found.commands if found else ():
            # Another shell has no alias, and `\\exit` asks for none: that one ends the container.
            if command.apart or command.unaliased:
                continue
            if command.program == "exit" and command.arguments[:1] not in ((), ("0",)):
                yield fail(f"line {command.line} exits with {command.arguments[0]}")
