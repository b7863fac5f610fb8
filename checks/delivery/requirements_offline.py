"""Requirements where there is no internet."""

from collections.abc import Iterator

from checks.check import PLAN, Check, Finding, Remedy, fail
from checks.delivered import is_offline, requirements, urls
from checks.sources import GUIDE
from mwaa.subject import Subject

LINKS = ("--find-links", "-f")
# Where the image unpacks plugins.zip and puts the DAGs.
AIRFLOW_HOME = "/usr/local/airflow/"


class RequirementsOffline(Check):
    id = "mwaa-delivery-requirements-offline"
    title = "A private environment installs its requirements from its own plugins"
    severity = "mandatory"
    why = "The private web server reaches no package index: pip hangs, the update rolls back."
    remedy = Remedy(
        setting="requirementsFile: --no-index and --find-links /usr/local/airflow/plugins",
        command="pip download -r requirements.txt -d wheels (and zip them into plugins.zip)",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = PLAN

    def judge(self, subject: Subject) -> Iterator[Finding]:
        found = requirements(subject)
        if found is None or not found.packages or not is_offline(subject):
            return
        for line in (*found.options, *found.packages):
            for url in urls(line):
                yield fail(f"the requirements name {url}, which cannot be reached")
        options = [option.replace("=", " ", 1).split() for option in found.options]
        if ["--no-index"] not in options:
            yield fail("the requirements have no --no-index")
        folders = [words[-1].strip("\"'") for words in options if words[0] in LINKS]
        if not any(folder.startswith(AIRFLOW_HOME) for folder in folders):
            yield fail(f"the requirements have no --find-links to a folder below {AIRFLOW_HOME}")
