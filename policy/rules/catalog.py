"""All rules, found by their place: one file in a section's folder is one rule."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mwaa.imports import quick_imports
from mwaa.model.platform import Platform
from mwaa.words import nearest
from policy.analysis.verdict import Verdict
from policy.rules.rule import Finding, Rule

FOLDER = Path(__file__).parent
SECTIONS = ("network", "storage", "identity", "encryption", "logs", "environment", "delivery")


@dataclass(frozen=True, kw_only=True)
class Judgment:
    """One rule and what it found; no finding is a pass, and a waived one fails nothing."""

    rule: Rule
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings that nobody waived: fail, then unknown, then pass."""
        verdicts = {finding.verdict for finding in self.findings if not finding.is_waived}
        for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            if verdict in verdicts:
                return verdict
        return Verdict.PASS

    @property
    def waived(self) -> tuple[Finding, ...]:
        """The failures that somebody accepts."""
        return tuple(finding for finding in self.findings if finding.is_waived)


@cache
def catalog() -> tuple[Rule, ...]:
    """Every rule, in the order of sections and file names.

    A file that does not hold exactly one rule of the right id is a mistake of its author and
    raises ``TypeError`` with what was found and what a rule must be.
    """
    with quick_imports():
        return tuple(
            _load(section, path)
            for section in SECTIONS
            for path in sorted((FOLDER / section).rglob("*.py"), key=lambda path: path.stem)
            if path.stem != "__init__"
        )


def _load(section: str, path: Path) -> Rule:
    place = path.relative_to(FOLDER)
    module = importlib.import_module(".".join((__package__, *place.with_suffix("").parts)))
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Rule)
        and value.__module__ == module.__name__
    ]
    wanted = f"mwaa-{section}-{path.stem.replace('_', '-')}"
    if len(own) != 1:
        raise TypeError(
            f"policy/rules/{place} holds {len(own)} rules; one file holds exactly one, "
            f"so that its name is its id {wanted}"
        )
    if own[0].id != wanted:
        raise TypeError(f"policy/rules/{place} has id {own[0].id!r}; its place says {wanted}")
    return own[0]()


def unknown_ids(names: Iterable[str], *, also: Iterable[str] = ()) -> str:
    """Those of ``names`` that no rule has, each with the nearest; empty where all are known.

    ``also`` are further names that the asker knows.
    """
    ids = {rule.id for rule in catalog()} | set(also)
    near = {name: nearest(name, ids) for name in names if name not in ids}
    return ", ".join(
        f"{name}{f' (did you mean {meant}?)' if meant else ''}" for name, meant in near.items()
    )


def in_profile(profile: str = "") -> tuple[Rule, ...]:
    """The rules of every profile and those of this one."""
    return tuple(rule for rule in catalog() if rule.profile in ("", profile))


def judge(
    platform: Platform, rules: Iterable[Rule] | None = None, *, profile: str = ""
) -> tuple[Judgment, ...]:
    """Judge ``platform`` by ``rules``, or by all that the profile asks for.

    Only the rules whose facts can exist where the platform was read are judged.
    """
    chosen = in_profile(profile) if rules is None else rules
    return tuple(
        Judgment(rule=rule, findings=rule.examine(platform))
        for rule in chosen
        if rule.concerns(platform)
    )
