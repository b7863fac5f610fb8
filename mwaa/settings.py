"""The settings of one stack: read, judged, and what follows from them.

What may be chosen stands in ``mwaa/fields.py``, what one choice demands of another in
``mwaa/rules/``. Nothing here knows Pulumi: the program hands over raw configuration.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from mwaa import cidr, endpoints
from mwaa.classes import CLASSES, Sizing, size
from mwaa.decode import decode, leaves
from mwaa.fields import Fields
from mwaa.naming import LOG_TYPES, Names
from mwaa.options import with_secrets_backend
from mwaa.problems import HIDDEN, Advice, Problem, SettingsError, hide
from mwaa.refusals import refusals
from mwaa.rules import judge

__all__ = ["Settings", "SettingsError"]


class Settings(Fields):
    """The settings of one stack. Build it with ``Settings.load``; it raises ``SettingsError``.

    ``region``, ``base``, ``secret_settings`` and ``warnings`` are no settings of the project: the
    provider's region, the folder that file paths are relative to, the YAML names of settings that
    the stack file encrypts, and advice to print. ``repr`` shows no secret.
    """

    region: str
    base: Path
    secret_settings: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @classmethod
    def declared(cls) -> dict[str, FieldInfo]:
        """The project's settings by YAML name, in the order of this file."""
        return {field.alias or name: field for name, field in Fields.model_fields.items()}

    @classmethod
    def load(
        cls,
        values: Mapping[str, str],
        *,
        region: str,
        base: Path,
        secrets: Collection[str] = (),
        today: date | None = None,
    ) -> "Settings":
        """Reads raw configuration of the namespace ``mwaa``, keys without it.

        ``region`` is ``aws:region``; ``secrets`` are the keys that the stack file encrypts;
        ``base`` is the project's folder. Raises ``SettingsError`` with every problem found.
        """
        fields = cls.declared()
        typed, problems = decode(values, fields, secrets)
        context = {"region": region, "base": base, "secret_settings": frozenset(secrets)}
        try:
            settings = cls.model_validate(typed | context)
        except ValidationError as error:
            problems += refusals(error, fields, typed, secrets)
            settings = cls._without(problems, typed, context)
        day = today or datetime.now(UTC).date()
        # A setting that could not be read is judged as its default: one problem each is enough.
        refused = {problem.setting for problem in problems}
        verdicts = [v for v in judge(settings, day) if v.setting not in refused]
        problems += [v for v in verdicts if isinstance(v, Problem)]
        hidden = [text for key in secrets for text in leaves(typed.get(key, ""))]
        if problems:
            raise SettingsError(problem.without(hidden) for problem in problems)
        advice = tuple(hide(str(v), hidden) for v in verdicts if isinstance(v, Advice))
        return settings.model_copy(update={"warnings": advice})

    @classmethod
    def _without(
        cls, problems: Iterable[Problem], typed: Mapping[str, Any], context: Mapping[str, Any]
    ) -> "Settings":
        """The same settings with refused ones left out, so that rules can judge the rest."""
        refused = {problem.setting for problem in problems}
        readable = {key: value for key, value in typed.items() if key not in refused}
        stand_ins = {"environmentName": "unnamed", "airflowVersion": "2.10.3"}
        return cls.model_validate(stand_ins | readable | dict(context))

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        secret = {to_camel(s) for s in self.secret_settings} | self.secret_settings
        for name, value in super().__repr_args__():
            yield name, HIDDEN if name is not None and to_camel(name) in secret else value

    # What follows from the settings

    @property
    def sizing(self) -> Sizing:
        """The five counts, those left open filled from the class."""
        return size(
            CLASSES[self.environment_class],
            min_workers=self.min_workers,
            max_workers=self.max_workers,
            schedulers=self.schedulers,
            min_webservers=self.min_webservers,
            max_webservers=self.max_webservers,
        )

    @property
    def zones(self) -> tuple[str, ...]:
        """Sorted, so that writing the same zones in another order moves no subnet."""
        return tuple(sorted(self.availability_zones))

    @property
    def address_plan(self) -> cidr.Plan | None:
        """The blocks of a new VPC; None with an existing one."""
        if self.existing_vpc_id:
            return None
        return cidr.plan(self.vpc_cidr, public=self.egress in ("single-nat", "nat-per-zone"))

    @property
    def endpoint_services(self) -> tuple[str, ...]:
        return endpoints.services(
            self.endpoint_profile, self.additional_endpoint_services, region=self.region
        )

    @property
    def log_group_levels(self) -> dict[str, str | None]:
        """Level per logging module of the API (``dag_processing`` ...), None where it is off."""
        given = {to_camel(module): module for module in LOG_TYPES}
        levels: dict[str, str | None] = {}
        for key, module in given.items():
            level = self.log_levels.get(key, "INFO")
            levels[module] = None if level == "OFF" else level
        return levels

    @property
    def airflow_options(self) -> dict[str, str]:
        """All Airflow options of the environment, those of the secrets backend included."""
        prefix = self.secrets_prefix if self.secrets_backend == "secrets-manager" else ""
        return with_secrets_backend(self.airflow_configuration_options, prefix)

    @property
    def secret_options(self) -> bool:
        """Whether the stack file encrypts the options: wrap them as a secret again."""
        return "airflowConfigurationOptions" in self.secret_settings

    def names(self, account: str) -> Names:
        """The names of this stack in an account."""
        bucket = self.existing_bucket_name or self.bucket_name
        return Names(self.environment_name, self.region, account, bucket)

    def path(self, file: str) -> Path:
        """The place of a file that a setting names."""
        return self.base / file

    def file(self, name: str) -> Path | None:
        """The file that the field ``name`` names, None where it is empty."""
        file: str = getattr(self, name)
        return self.path(file) if file else None
