"""Requirements that fit together."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.rule import ARTIFACTS, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import IMAGES


class RequirementsResolve(Rule):
    id = "mwaa-delivery-requirements-resolve"
    title = "The requirements can be installed beside what the image pins"
    enforcement = "mandatory"
    severity = "high"
    why = "pip installs nothing where versions exclude each other; the environment starts without."
    fix = Fix(
        setting="requirementsFile: versions that agree",
        command="uv pip compile requirements.txt --constraint constraints.txt",
    )
    source = IMAGES
    origins = ARTIFACTS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.requirements_s3_path is None:
            return
        conflict = platform.trial.conflict
        if not known(conflict):
            yield unknown(platform.trial.untried.get("conflict", "the packages were not resolved"))
        elif conflict is not None:
            yield fail(conflict)
