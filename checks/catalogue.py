"""All checks, found by their place: one file in a section's folder is one check."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from checks.check import Check, Finding, Origin
from mwaa.subject import Subject
from proofs.verdict import Verdict

SECTIONS = ("network", "storage", "identity", "encryption", "logs", "environment", "delivery")


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One check and what it found; no finding is a pass."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings: fail, then unknown, then pass."""
        verdicts = {finding.verdict for finding in self.findings}
        for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            if verdict in verdicts:
                return verdict
        return Verdict.PASS


@cache
def catalogue() -> tuple[Check, ...]:
    """Every check, in the order of sections and file names.

    A file that does not hold exactly one check of the right id is a mistake of its author and
    raises ``TypeError`` with what was found and what a check must be.
    """
    return tuple(
        _load(section, path.stem)
        for section in SECTIONS
        for path in sorted((Path(__file__).parent / section).glob("*.py"))
        if path.stem != "__init__"
    )


def _load(section: str, stem: str) -> Check:
    module = importlib.import_module(f"checks.{section}.{stem}")
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Check)
        and value.__module__ == module.__name__
    ]
    wanted = f"mwaa-{section}-{stem.replace('_', '-')}"
    if len(own) != 1:
        raise TypeError(
            f"checks/{section}/{stem}.py holds {len(own)} checks; one file holds exactly one, "
            f"so that its name is its id {wanted}"
        )
    if own[0].id != wanted:
        raise TypeError(f"checks/{section}/{stem}.py has id {own[0].id!r}; its place says {wanted}")
    return own[0]()


def in_profile(profile: str = "") -> tuple[Check, ...]:
    """The checks of every profile and those of this one."""
    return tuple(check for check in catalogue() if check.profile in ("", profile))


def judge(
    subject: Subject, checks: Iterable[Check] | None = None, *, profile: str = ""
) -> tuple[Judgement, ...]:
    """Judge ``subject`` by ``checks``, or by all that the profile asks for.

    Only the checks whose facts can exist where the subject was read are judged.
    """
    chosen = in_profile(profile) if checks is None else checks
    origin: Origin = "live" if subject.origin == "live" else "plan"
    return tuple(
        Judgement(check=check, findings=check.examine(subject))
        for check in chosen
        if origin in check.origins
    )
