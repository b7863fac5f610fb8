"""What a rule is: facts about one compliant state, and the function that judges by it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Literal, NoReturn, TypeAlias, TypeVar

from mwaa.model.platform import UNKNOWN, Maybe, Platform, known
from policy.analysis import identifiers
from policy.analysis.identifiers import filled
from policy.analysis.verdict import Verdict

Enforcement: TypeAlias = Literal["mandatory", "advisory"]
Severity: TypeAlias = Literal["critical", "high", "medium", "low"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Worst first. Critical: outsiders get in, or data is lost. High: the environment does not work.
Medium: it works, less safely or less reliably. Low: good practice."""

Origin: TypeAlias = Literal["artifacts", "plan", "live"]

BOTH: frozenset[Origin] = frozenset({"plan", "live"})
PLAN: frozenset[Origin] = frozenset({"plan"})
LIVE: frozenset[Origin] = frozenset({"live"})
FILES: frozenset[Origin] = frozenset({"artifacts", "plan", "live"})
ARTIFACTS: frozenset[Origin] = frozenset({"artifacts"})
INSTALLED: frozenset[Origin] = frozenset({"artifacts", "live"})


class Stage(StrEnum):
    """When an account is judged."""

    BEFORE = "before"
    """A create is planned; what the program itself makes may not exist yet."""
    LAST = "last"
    """All is made but the environment: its create or update starts in seconds."""
    AFTER = "after"
    """The environment exists."""


ALWAYS: frozenset[Stage] = frozenset(Stage)
BEFOREHAND: frozenset[Stage] = frozenset({Stage.BEFORE, Stage.LAST})
AFTERWARDS: frozenset[Stage] = frozenset({Stage.AFTER})

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Fix:
    """How to repair a failure: the ``setting`` of this program, and the AWS ``command`` without it.

    ``setting`` is empty where no setting can break the rule. Words in capitals in ``command`` stand
    for real names (``policy.analysis.identifiers``), which a finding fills in.
    """

    setting: str = ""
    command: str

    def __str__(self) -> str:
        return f"{self.setting}; or: {self.command}" if self.setting else self.command


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A failure of ``rule`` that somebody accepts until ``expires``, the last day included.

    ``resource`` is a name or a pattern of what may fail; see ``policy/waivers.py``.
    """

    rule: str
    resource: str
    reason: str
    expires: date
    expired: bool = False

    def __str__(self) -> str:
        if self.expired:
            return (
                f"its waiver expired on {self.expires} ({self.reason}); repair it, or decide anew "
                "and give the waiver another day"
            )
        return f"{self.reason} (until {self.expires})"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One departure from the rule, or (``Verdict.UNKNOWN``) one fact that could not be seen.

    ``found`` says what was there, never a secret value. ``resource`` is the identity of the
    resource at fault, as in the platform, or None for the environment as a whole. ``lines`` are
    what was written about it. ``fix`` is what helps here: what the judgment knows of it, else the
    rule's own with the real names, those of ``words`` among them.
    ``waiver`` is the one that names this failure, expired or not.
    """

    verdict: Verdict
    found: str
    resource: str | None = None
    lines: tuple[str, ...] = ()
    fix: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    waiver: Waiver | None = None

    @property
    def is_waived(self) -> bool:
        """Whether somebody accepts this failure today."""
        return self.waiver is not None and not self.waiver.expired


class Undecided(Exception):  # noqa: N818 - not an error: the third verdict on its way up
    """A value that the judgment needs is unknown; ``Rule.examine`` turns it into a finding."""


def require(value: Maybe[T], what: str) -> T:
    """``value``, or the end of this judgment as unknown, naming ``what`` could not be seen."""
    if not known(value):
        raise Undecided(f"not known: {what}")
    return value


def fail(
    found: str,
    resource: str | None = None,
    *,
    lines: tuple[str, ...] = (),
    fix: str = "",
    words: Mapping[str, str] | None = None,
) -> Finding:
    """A departure from the rule."""
    return Finding(
        verdict=Verdict.FAIL,
        found=found,
        resource=resource,
        lines=lines,
        fix=fix,
        words=words or {},
    )


def unknown(found: str, resource: str | None = None) -> Finding:
    """A fact that could not be seen."""
    return Finding(verdict=Verdict.UNKNOWN, found=found, resource=resource)


def undecided(what: str) -> NoReturn:
    """End this judgment as unknown for the reason ``what``."""
    raise Undecided(what)


def each(items: Iterable[T], judge: Callable[[T], Iterable[Finding]]) -> Iterator[Finding]:
    """Judge every item by itself, so that one unknown does not hide the failure of the next."""
    for item in items:
        try:
            yield from judge(item)
        except Undecided as reason:
            yield unknown(str(reason), getattr(item, "id", None))


class Rule:
    """The base of all rules: class facts first, then ``judge``, which yields what breaks the rule.

    ``id`` is ``mwaa-<section>-<file with dashes>`` and is never reused. ``title`` states the
    compliant state. ``why`` says what breaks without it. ``enforcement`` is what CrossGuard does
    with a failure, ``severity`` how bad it is. ``origins`` names where the facts can exist: a plan
    has no metrics, an account has no order of creation, files have no network. ``stages`` says when
    an account can keep the rule, ``of_account`` that it is about the account alone, which is there
    before anything is made, ``of_unread`` that it judges what no reader reads and all other rules
    leave alone. ``profile`` names the only profile that asks for this state; empty
    means all. No finding
    means pass.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    enforcement: ClassVar[Enforcement]
    severity: ClassVar[Severity]
    why: ClassVar[str]
    fix: ClassVar[Fix]
    source: ClassVar[str]
    frameworks: ClassVar[tuple[str, ...]] = ()
    origins: ClassVar[frozenset[Origin]] = BOTH
    stages: ClassVar[frozenset[Stage]] = ALWAYS
    of_account: ClassVar[bool] = False
    of_unread: ClassVar[bool] = False
    profile: ClassVar[str] = ""

    def judge(self, platform: Platform) -> Iterable[Finding]:
        """Yield findings; call ``require`` for every value that may be unknown."""
        raise TypeError(f"{type(self).__name__} does not judge")

    def concerns(self, platform: Platform) -> bool:
        """Whether this rule has anything to judge where ``platform`` was read."""
        return platform.origin in self.origins and (platform.unread is None or self.of_unread)

    def examine(self, platform: Platform) -> tuple[Finding, ...]:
        """All findings on ``platform``, an undecided judgment among them as unknown.

        Programs of others hold shapes that nobody thought of: a rule that breaks on one says
        that it could not judge, and does not take the other rules with it. The message of the
        exception stays out, because it may quote a value.
        """
        findings: list[Finding] = []
        try:
            for finding in self.judge(platform):
                findings.append(self._fixed(platform, finding))
        except Undecided as reason:
            findings.append(unknown(str(reason)))
        except Exception as mistake:
            findings.append(unknown(f"the rule could not be applied ({type(mistake).__name__})"))
        return tuple(findings)

    def _fixed(self, platform: Platform, finding: Finding) -> Finding:
        if finding.verdict is not Verdict.FAIL:
            return finding
        words = {**identifiers.words(platform, finding.resource), **finding.words}
        command = filled(finding.fix or self.fix.command, words)
        return replace(finding, fix=str(replace(self.fix, command=command)))

    @classmethod
    def section(cls) -> str:
        """The folder of the rule, which is its section in the reference."""
        return cls.id.split("-")[1]


__all__ = [
    "AFTERWARDS",
    "ALWAYS",
    "ARTIFACTS",
    "BEFOREHAND",
    "BOTH",
    "FILES",
    "INSTALLED",
    "LIVE",
    "PLAN",
    "SEVERITIES",
    "UNKNOWN",
    "Enforcement",
    "Finding",
    "Fix",
    "Origin",
    "Rule",
    "Severity",
    "Stage",
    "Undecided",
    "Verdict",
    "Waiver",
    "each",
    "fail",
    "require",
    "undecided",
    "unknown",
]
