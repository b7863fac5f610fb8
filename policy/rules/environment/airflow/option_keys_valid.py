"""The form of Airflow configuration options."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from mwaa.service.airflow_options import KEY, KEY_LIMIT, VALUE, VALUE_LIMIT
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class OptionKeysValid(Rule):
    id = "mwaa-environment-option-keys-valid"
    title = "Airflow options are written as section.option with printable values"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses other keys and values, and Airflow ignores a key without a section."
    fix = Fix(
        setting="airflowConfigurationOptions: {core.default_timezone: utc}",
        command="aws mwaa update-environment --name NAME --airflow-configuration-options"
        " file://options.json (all options, with this one corrected)",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        options = require(platform.environment.options, "the Airflow options")
        for key, value in options.items():
            if not KEY.fullmatch(key) or len(key) > KEY_LIMIT or "." not in key:
                yield fail(
                    f"option {key!r} is not section.option of at most {KEY_LIMIT} characters"
                )
            elif known(value) and value and not VALUE.fullmatch(value):
                yield fail(f"the value of option {key} holds more than printable ASCII")
            elif known(value) and len(value) > VALUE_LIMIT:
                yield fail(f"the value of option {key} is longer than {VALUE_LIMIT}")
