"""The weekly maintenance window."""

import re
from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject

WINDOW = re.compile(r"(MON|TUE|WED|THU|FRI|SAT|SUN):([01]\d|2[0-3]):(00|30)")


class MaintenanceWindowSet(Check):
    id = "mwaa-environment-maintenance-window-set"
    title = "The weekly maintenance window is chosen"
    severity = "advisory"
    why = "Without one MWAA restarts components in a window of its own choice."
    remedy = Remedy(
        setting="weeklyMaintenanceWindowStart: SUN:03:00 (UTC, on the half hour)",
        command="aws mwaa update-environment --name NAME"
        " --weekly-maintenance-window-start SUN:03:00",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        window = need(subject.environment.weekly_maintenance_window_start, "the window")
        if window is None:
            yield fail("no maintenance window is given")
        elif not WINDOW.fullmatch(window):
            yield fail(f"window {window!r} is not DAY:HH:MM on the half hour")
