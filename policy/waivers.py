"""``waivers.yaml``: failures that a team accepts, each with its reason and its last day.

One file for the pack, ``mwaa preflight``, ``mwaa doctor`` and the last look:

    waivers:
      - rule: mwaa-encryption-customer-key
        resource: airflow-dev
        reason: holds no customer data; a key of AWS is enough (DATA-12)
        expires: 2027-03-31

``resource`` is what the finding names: an id, an ARN, a name, or a pattern with ``*`` and ``?``;
``"*"`` is every resource. A waived finding is shown with its reason and fails nothing. The day
after ``expires`` it fails again and says so. What cannot be judged stays undecided: a waiver
accepts a fault that is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from mwaa.model.platform import Platform, known
from mwaa.words import suggestion
from policy.rules.catalog import Judgment, unknown_ids
from policy.rules.rule import Finding, Verdict, Waiver

FILE: Final = "waivers.yaml"
PROJECT: Final = "Pulumi.yaml"
# A pack that was bundled with waivers has them beside its rooms.
BUNDLED: Final = Path(__file__).resolve().parents[1]
KEYS: Final = ("rule", "resource", "reason", "expires")


class WaiversError(Exception):
    """All that is wrong with a file of waivers, one problem per line."""

    def __init__(self, file: Path, problems: Iterable[str]) -> None:
        lines = "".join(f"\n- {problem}" for problem in problems)
        super().__init__(f"{file} is refused; nothing was judged.{lines}")


@dataclass(frozen=True)
class Waivers:
    """The waivers of one file, as of one day; none where there is no file."""

    file: Path = Path(FILE)
    entries: tuple[Waiver, ...] = ()

    @classmethod
    def of_project(cls, folder: Path | None = None, *, today: date | None = None) -> "Waivers":
        """Those of the project that ``folder`` (the working directory) lies in, else those that
        were bundled with the pack. Raises ``WaiversError``."""
        start = (folder or Path.cwd()).resolve()
        homes = [place for place in (start, *start.parents) if (place / PROJECT).is_file()]
        for home in (*homes[:1], *([] if homes else [start]), BUNDLED):
            if (home / FILE).is_file():
                return cls.load(home / FILE, today=today)
        return cls()

    @classmethod
    def load(cls, file: Path, *, today: date | None = None) -> "Waivers":
        """Those of ``file``. Raises ``WaiversError`` with every problem found."""
        day = today or datetime.now(UTC).date()
        entries, problems = [], []
        for number, entry in enumerate(_listed(file), start=1):
            wrong = list(_wrong(entry))
            problems += [f"waiver {number}: {words}" for words in wrong]
            if not wrong:
                expires = _day(entry["expires"])
                assert expires is not None
                entries.append(
                    Waiver(
                        rule=entry["rule"],
                        resource=entry["resource"],
                        reason=" ".join(entry["reason"].split()),
                        expires=expires,
                        expired=expires < day,
                    )
                )
        if problems:
            raise WaiversError(file, problems)
        return cls(file, tuple(entries))

    def apply(
        self,
        judgments: Iterable[Judgment],
        platform: Platform,
        urns: Mapping[str, str] | None = None,
    ) -> tuple[Judgment, ...]:
        """The judgments of ``platform``, each waived failure marked; ``urns`` are a plan's."""
        if not self.entries:
            return tuple(judgments)
        return tuple(
            replace(
                judgment,
                findings=tuple(
                    self._marked(judgment.rule.id, finding, platform, urns or {})
                    for finding in judgment.findings
                ),
            )
            for judgment in judgments
        )

    def unused(self, judgments: Iterable[Judgment]) -> list[str]:
        """One sentence for each waiver whose rule was judged and that met no failure.

        A rule with an undecided finding may still come to fail, so its waivers are kept quiet.
        """
        judged = tuple(judgments)
        used = {finding.waiver for j in judged for finding in j.findings if finding.waiver}
        open_ = {j.rule.id for j in judged if j.verdict is Verdict.UNKNOWN}
        settled = {j.rule.id for j in judged} - open_
        return [
            f'{self.file.name}: the waiver of {one.rule} for "{one.resource}" meets no failure '
            "here; correct its resource, or remove it when it is of no other stack"
            for one in self.entries
            if one.rule in settled and one not in used
        ]

    def _marked(
        self, rule: str, finding: Finding, platform: Platform, urns: Mapping[str, str]
    ) -> Finding:
        if finding.verdict is not Verdict.FAIL:
            return finding
        names = set(_names(finding, platform, urns))
        found = [
            one
            for one in self.entries
            if one.rule == rule and any(fnmatchcase(name, one.resource) for name in names)
        ]
        # Of two, the one that still holds.
        found.sort(key=lambda one: one.expired)
        return replace(finding, waiver=found[0]) if found else finding


def _names(finding: Finding, platform: Platform, urns: Mapping[str, str]) -> Iterable[str]:
    """What a person may call the resource at fault: as the finding does, or by its short name."""
    environment = platform.environment
    identity = finding.resource or environment.id
    yield identity
    for longer in (identity, urns.get(identity, "")):
        if longer.startswith(("arn:", "urn:")):
            yield longer
            yield longer.rpartition(":")[2]
            yield longer.rpartition("/")[2]
    if identity == environment.id and known(environment.name):
        yield environment.name


def name_of(finding: Finding, platform: Platform) -> str:
    """The shortest name of the resource at fault that a plan and an account have in common, where
    there is one: of an environment and of what is named after it, the physical name."""
    environment = platform.environment
    identity = finding.resource or environment.id
    if identity == environment.id and known(environment.name):
        return environment.name
    if not identity.startswith(("arn:", "urn:")):
        return identity
    return identity.rpartition(":")[2].rpartition("/")[2]


def line(rule: str, resource: str) -> str:
    """The entry that accepts a failure, for a person to complete."""
    return f'  - {{rule: {rule}, resource: "{resource}", reason: "...", expires: YYYY-MM-DD}}'


def _listed(file: Path) -> list[Any]:
    import yaml

    form = f"a mapping with one key, waivers, whose value is a list of {', '.join(KEYS)}"
    try:
        # Every scalar as its text: a day that no calendar has would end another loader.
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise WaiversError(file, [f"it is not valid YAML{where}. Allowed: {form}"]) from None
    except (OSError, ValueError) as error:
        raise WaiversError(file, [f"it cannot be read ({error}). Allowed: {form}"]) from None
    if not content:
        raise WaiversError(file, [f"it is empty. Allowed: {form}. Do: remove the file"])
    if not isinstance(content, dict) or set(content) != {"waivers"}:
        got = f"the keys {', '.join(content)}" if isinstance(content, dict) else repr(content)
        raise WaiversError(file, [f"it holds {got}. Allowed: {form}"])
    if not isinstance(content["waivers"], list):
        raise WaiversError(file, [f"waivers: got {content['waivers']!r}. Allowed: {form}"])
    return content["waivers"]


def _wrong(entry: Any) -> Iterable[str]:
    """What is wrong with one entry: got, allowed, what to do."""
    if not isinstance(entry, dict):
        yield f"got {entry!r}. Allowed: a mapping with {', '.join(KEYS)}"
        return
    for key in entry:
        if key not in KEYS:
            yield f"it has no key {key}{suggestion(str(key), KEYS)}. Allowed: {', '.join(KEYS)}"
    for key in ("rule", "resource", "reason"):
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            yield f"{key}: got {'nothing' if value is None else repr(value)}. Allowed: a text"
        elif key == "rule" and (unknown := unknown_ids([value])):
            yield f"there is no rule {unknown}. docs/reference/rules/README.md lists all"
    if _day(entry.get("expires")) is None:
        got = entry.get("expires")
        yield (
            f"expires: got {'nothing' if got is None else repr(got)}. Allowed: a day as "
            "YYYY-MM-DD, the last on which the waiver holds. Why: what is accepted for good is "
            "a change of the rule's enforcement, and belongs into the pack's configuration"
        )


def _day(value: Any) -> date | None:
    """A day in YAML's form; a moment is none."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
