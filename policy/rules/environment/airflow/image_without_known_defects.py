"""Defects of the image that AWS has since corrected."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.image import image_day, known_defects
from policy.rules.rule import INSTALLED, Finding, Fix, Rule, fail
from policy.rules.sources import IMAGES


class ImageWithoutKnownDefects(Rule):
    id = "mwaa-environment-image-without-known-defects"
    title = "The environment's image has no defect that a newer one of its version has not"
    enforcement = "advisory"
    severity = "medium"
    why = "An environment keeps its image until it is updated, with the defects of that day."
    fix = Fix(command="aws mwaa update-environment --name NAME --max-workers N (any update)")
    source = IMAGES
    origins = INSTALLED

    def judge(self, platform: Platform) -> Iterator[Finding]:
        for one in known_defects(platform):
            yield fail(f"an image of {image_day(platform)} or before: {one.symptom} ({one.source})")
