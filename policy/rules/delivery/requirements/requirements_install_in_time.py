"""How long the requirements take to install."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.image import INSTALL_MINUTES
from policy.rules.rule import ARTIFACTS, Finding, Fix, Rule, fail, unknown
from policy.rules.sources import IMAGES

# Rough: fetching and unpacking a wheel on a small Fargate container.
WHEEL_SECONDS = 1.5


class RequirementsInstallInTime(Rule):
    id = "mwaa-delivery-requirements-install-in-time"
    title = "The requirements are installed in half of the time that the image allows"
    enforcement = "advisory"
    severity = "medium"
    why = f"The image stops pip after {INSTALL_MINUTES} minutes, and each new worker installs anew."
    fix = Fix(
        setting="requirementsFile: fewer packages; heavy work in containers of its own",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = IMAGES
    origins = ARTIFACTS

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if platform.environment.requirements_s3_path is None:
            return
        packages = platform.trial.packages
        if not known(packages):
            yield unknown(platform.trial.untried.get("packages", "the packages were not resolved"))
            return
        minutes = len(packages) * WHEEL_SECONDS / 60
        if minutes > INSTALL_MINUTES / 2:
            yield fail(f"{len(packages)} packages take about {minutes:.0f} min to install")
