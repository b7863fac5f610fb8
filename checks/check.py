"""What a check is: facts about one compliant state, and the function that judges by it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, TypeAlias, TypeVar

from mwaa.subject import UNKNOWN, Maybe, Subject, Unknown
from proofs.verdict import Verdict

Severity: TypeAlias = Literal["mandatory", "advisory"]
Origin: TypeAlias = Literal["plan", "live"]

BOTH: frozenset[Origin] = frozenset({"plan", "live"})
PLAN: frozenset[Origin] = frozenset({"plan"})
LIVE: frozenset[Origin] = frozenset({"live"})

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """How to mend a failure: the ``setting`` of this program, and the AWS ``command`` without it.

    ``setting`` is empty where no setting can break the rule. Words in capitals in ``command`` are
    for the reader to fill in.
    """

    setting: str = ""
    command: str

    def __str__(self) -> str:
        return f"{self.setting}; or: {self.command}" if self.setting else self.command


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One departure from the rule, or (``Verdict.UNKNOWN``) one fact that could not be seen.

    ``found`` says what was there, never a secret value. ``resource`` is the identity of the
    resource at fault, as in the subject, or None for the environment as a whole.
    """

    verdict: Verdict
    found: str
    resource: str | None = None


class Undecided(Exception):  # noqa: N818 - not an error: the third verdict on its way up
    """A value that the judgement needs is unknown; ``Check.examine`` turns it into a finding."""


def need(value: Maybe[T], what: str) -> T:
    """``value``, or the end of this judgement as unknown, naming ``what`` could not be seen."""
    if isinstance(value, Unknown):
        raise Undecided(f"not known: {what}")
    return value


def fail(found: str, resource: str | None = None) -> Finding:
    """A departure from the rule."""
    return Finding(verdict=Verdict.FAIL, found=found, resource=resource)


def unknown(found: str, resource: str | None = None) -> Finding:
    """A fact that could not be seen."""
    return Finding(verdict=Verdict.UNKNOWN, found=found, resource=resource)


def undecided(what: str) -> NoReturn:
    """End this judgement as unknown for the reason ``what``."""
    raise Undecided(what)


def each(items: Iterable[T], judge: Callable[[T], Iterable[Finding]]) -> Iterator[Finding]:
    """Judge every item by itself, so that one unknown does not hide the failure of the next."""
    for item in items:
        try:
            yield from judge(item)
        except Undecided as reason:
            yield unknown(str(reason), getattr(item, "id", None))


class Check:
    """The base of all checks: class facts first, then ``judge``, which yields what breaks the rule.

    ``id`` is ``mwaa-<folder>-<file with dashes>`` and is never reused. ``title`` states the
    compliant state. ``why`` says what breaks without it. ``origins`` names where the facts can
    exist: a plan has no metrics, an account has no order of creation. ``profile`` names the only
    profile that asks for this state; empty means all. No finding means pass.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]
    why: ClassVar[str]
    remedy: ClassVar[Remedy]
    source: ClassVar[str]
    frameworks: ClassVar[tuple[str, ...]] = ()
    origins: ClassVar[frozenset[Origin]] = BOTH
    profile: ClassVar[str] = ""

    def judge(self, subject: Subject) -> Iterable[Finding]:
        """Yield findings; call ``need`` for every value that may be unknown."""
        raise TypeError(f"{type(self).__name__} does not judge")

    def examine(self, subject: Subject) -> tuple[Finding, ...]:
        """All findings on ``subject``, an undecided judgement among them as unknown.

        Programs of others hold shapes that nobody thought of: a check that breaks on one says
        that it could not judge, and does not take the other checks with it. The message of the
        exception stays out, because it may quote a value.
        """
        findings: list[Finding] = []
        try:
            for finding in self.judge(subject):
                findings.append(finding)
        except Undecided as reason:
            findings.append(unknown(str(reason)))
        except Exception as mistake:
            findings.append(unknown(f"the check could not be applied ({type(mistake).__name__})"))
        return tuple(findings)

    @classmethod
    def section(cls) -> str:
        """The folder of the check, which is its section in the reference."""
        return cls.id.split("-")[1]


__all__ = [
    "BOTH",
    "LIVE",
    "PLAN",
    "UNKNOWN",
    "Check",
    "Finding",
    "Origin",
    "Remedy",
    "Severity",
    "Undecided",
    "Verdict",
    "each",
    "fail",
    "need",
    "undecided",
    "unknown",
]
