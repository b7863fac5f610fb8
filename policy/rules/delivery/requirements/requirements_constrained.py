"""Constraints of requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.artifacts import requirements
from policy.rules.rule import FILES, Finding, Fix, Rule, fail
from policy.rules.sources import IMAGES


class RequirementsConstrained(Rule):
    id = "mwaa-delivery-requirements-constrained"
    title = "The requirements say which constraints bind them"
    enforcement = "advisory"
    severity = "low"
    why = (
        "Where the file names none, the image adds Airflow's own: nothing that they pin can be "
        "newer or older, and the file does not show it. A comment `# --constraint` asks for none."
    )
    fix = Fix(
        setting="requirementsFile: --constraint /usr/local/airflow/plugins/constraints.txt",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = IMAGES
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None or not found.packages:
            return
        # The image looks at the one file that it gives to pip.
        if not found.files[0].names_constraints:
            written = found.has("--constraint")
            spelled = " as `--constraint FILE` or `-c FILE`, which the image looks for"
            yield fail(f"the requirements name no constraints{spelled if written else ''}")
