"""The weekly maintenance window."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API

WINDOW = re.compile(r"(MON|TUE|WED|THU|FRI|SAT|SUN):([01]\d|2[0-3]):(00|30)")


class MaintenanceWindowSet(Rule):
    id = "mwaa-environment-maintenance-window-set"
    title = "The weekly maintenance window is chosen"
    enforcement = "advisory"
    severity = "low"
    why = "Without one MWAA restarts components in a window of its own choice."
    fix = Fix(
        setting="weeklyMaintenanceWindowStart: SUN:03:00 (UTC, on the half hour)",
        command="aws mwaa update-environment --name NAME"
        " --weekly-maintenance-window-start SUN:03:00",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        window = require(platform.environment.weekly_maintenance_window_start, "the window")
        if window is None:
            yield fail("no maintenance window is given")
        elif not WINDOW.fullmatch(window):
            yield fail(f"window {window!r} is not DAY:HH:MM on the half hour")
