"""Airflow options that name a class of one's own."""

import re
from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.airflow_options import CLASS_OPTIONS
from policy.rules.facts.artifacts import members, requirements, texts
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown

CLASS = re.compile(r"[a-zA-Z_]\w*(\.[a-zA-Z_]\w*)+")


class OptionClassesDelivered(Rule):
    id = "mwaa-delivery-option-classes-delivered"
    title = "A class that an Airflow option names is delivered with the plugins"
    enforcement = "advisory"
    severity = "high"
    why = (
        "Every container imports the class when it starts, and ends where it cannot. Of what is "
        "delivered only plugins.zip and the requirements are there by then in all of them."
    )
    fix = Fix(
        setting="pluginsFile: with the module at the root of the archive",
        command="zip -r plugins.zip MODULE.py (and aws s3 cp it to the bucket)",
    )
    source = "https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        for key, value in require(platform.environment.options, "the Airflow options").items():
            if key not in CLASS_OPTIONS:
                continue
            for path in re.split(r"[,;\s]+", require(value, f"option {key}")):
                module = path.partition(".")[0]
                if CLASS.fullmatch(path) and module != "airflow":
                    yield from _judge(platform, key, module)


def _judge(platform: Platform, key: str, module: str) -> Iterator[Finding]:
    file, folder = f"{module}.py", f"{module}/"
    if any(name == file or name.startswith(folder) for name in members(platform)):
        return
    found = requirements(platform)
    if found is not None and (found.packages or found.unread):
        yield unknown(f"not known: whether the requirements bring {module}, which {key} names")
        return
    in_dags = any(
        name.endswith((f"/{file}", f"/{module}/__init__.py")) for name, _ in texts(platform)
    )
    where = "stands with the DAGs" if in_dags else "is not delivered"
    yield fail(f"{key} names a class of {module}, which {where}")
