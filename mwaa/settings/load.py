"""The settings of one stack: read and judged.

What may be chosen stands in ``mwaa/settings/schema.py``, what follows from it in
``mwaa/settings/values.py``, what one choice demands of another in ``mwaa/settings/rules/``. Nothing
here knows Pulumi: the program hands over raw configuration."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from mwaa.settings.decode import decode, leaves
from mwaa.settings.messages import refusals
from mwaa.settings.problems import Advice, Problem, SettingsError, hide
from mwaa.settings.rules import judge
from mwaa.settings.schema import Fields
from mwaa.settings.values import Choices

__all__ = ["Settings", "SettingsError"]


class Settings(Choices):
    """The settings of one stack. Build it with ``Settings.load``; it raises ``SettingsError``.

    ``warnings`` is no setting of the project, but advice to print.
    """

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
            unread = {problem.setting for problem in problems}
            refused_values = refusals(error, fields, typed, secrets)
            # A required setting of a wrong type is not missing as well.
            problems += [one for one in refused_values if one.setting not in unread]
            settings = cls._without(problems, typed, context)
        day = today or datetime.now(UTC).date()
        # A setting that could not be read is judged as its default: one problem each is enough.
        refused = {problem.setting for problem in problems}
        verdicts = [v for v in judge(settings, day) if v.setting not in refused]
        problems += [v for v in verdicts if isinstance(v, Problem)]
        hidden = [text for key in secrets for text in leaves(typed.get(key, ""))]
        if problems:
            # The engine hands settings over in an order that changes from run to run.
            place = {key: number for number, key in enumerate(fields)}
            problems.sort(key=lambda one: (place.get(one.setting, -1), one.setting))
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
