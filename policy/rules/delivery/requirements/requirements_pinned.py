"""Versions of requirements."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.image import essential_pins
from policy.analysis.artifacts.requirements import AIRFLOWS, parse, place
from policy.rules.facts.artifacts import requirements, text_of, without_credentials
from policy.rules.rule import FILES, Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class RequirementsPinned(Rule):
    id = "mwaa-delivery-requirements-pinned"
    title = "Every requirement has an exact version or an upper bound, or its constraints do"
    enforcement = "advisory"
    severity = "low"
    why = "Each new worker installs anew: an open version changes the environment overnight."
    fix = Fix(
        setting="requirementsFile: name==version on every line",
        command="aws s3 cp requirements.txt s3://BUCKET/requirements.txt",
    )
    source = GUIDE + "best-practices-dependencies.html"
    origins = FILES

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = requirements(platform)
        if found is None:
            return
        version = require(platform.environment.airflow_version, "the Airflow version")
        bound, unread = set(essential_pins(version or "")), []
        for value in found.values("--constraint"):
            where = place(value)
            delivered = where.room in ("plugins", "dags")
            text = text_of(platform, where) if delivered else None
            if not known(text) or "://" in value:
                unread.append(value)
            elif text is not None:
                bound |= {line.name for line in parse(text, value).lines if line.is_bounded}
        for spot, line in found.packages:
            # What comes from an address or a path is the same wheel, or another rule's matter.
            if line.requirement is None or line.target or line.is_bounded or line.name in bound:
                continue
            said = f"{spot} requires {line.name} without an upper bound"
            if not unread:
                yield fail(said)
            elif not (line.name.startswith("apache-airflow-") and AIRFLOWS.search(unread[0])):
                yield unknown(f"{said}; {without_credentials(unread[0])} may have one")
        yield from found.unknowns()
