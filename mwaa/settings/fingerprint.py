"""Whether a run updates the environment: what it was last deployed with, against what it is now.

MWAA takes the worker replacement strategy with an update, never with a create, and the published
provider sends it only when its own value changes; by itself that would plan an update of nothing
else after every create. The program therefore gives the strategy to the provider only when
something else changes too, and needs to know whether it does. Sources:
https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html,
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/mwaa/environment.go
"""

import hashlib
import json

from mwaa.settings.load import Settings

ARTIFACTS = ("requirements_file", "plugins_file", "startup_script_file")

# Everything else either never reaches UpdateEnvironment or follows from these.
_FIELDS = (
    # An adopted environment is left as it is: the first run that does not adopt updates it.
    "adopt_environment",
    "airflow_version",
    "environment_class",
    "webserver_access_mode",
    "weekly_maintenance_window_start",
    "existing_role_arn",
    "existing_bucket_name",
    "bucket_name",
    "dag_s3_path",
    "additional_security_group_ids",
)


def fingerprint(settings: Settings, **instead: str) -> str:
    """A digest (SHA-256, hex) of all that an update of the environment would change.

    Artifacts count by content. Option values are part of it, so the digest is as secret as they
    are: export it as a secret. Tags are not, they have a call of their own. ``instead`` are values
    to reckon with in place of the settings' own, by field.

    Stacks hold digests that earlier versions wrote. Where the digested text changes, every stack
    plans one update, so its labels stay as they are, spelling included.
    """
    facts = {
        **{name: getattr(settings, name) for name in _FIELDS},
        **instead,
        "sizing": repr(settings.sizing),
        "options": settings.airflow_options,
        "logs": settings.log_group_levels,
        "artefacts": {name: _digest(settings, name) for name in ARTIFACTS},
    }
    text = json.dumps(facts, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(settings: Settings, name: str) -> str:
    file = settings.file(name)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
