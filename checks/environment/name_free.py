"""Whether the name is taken, before a create."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import API
from mwaa.subject import Subject


class NameFree(Check):
    id = "mwaa-environment-name-free"
    title = "No leftover environment holds the name"
    severity = "mandatory"
    why = "A failed create stays behind under its name, and the next create is refused."
    remedy = Remedy(
        setting="environmentName",
        command="aws mwaa delete-environment --name NAME",
    )
    source = API + "API_CreateEnvironment.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        environment = subject.environment
        status = need(environment.status, "the environment's status")
        name = need(environment.name, "the environment's name")
        # Without a status this is the look before a create; then the name must not exist.
        if status == "CREATE_FAILED":
            yield fail(f"the create of {name} failed, and its remains hold the name")
        elif status is None and name in need(subject.account.environments, "the environments"):
            yield fail(f"an environment {name} exists already")
