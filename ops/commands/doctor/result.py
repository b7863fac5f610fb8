"""The doctor's verdict: one line that a person understands in ten seconds, then the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mwaa.exit_codes import ExitCode
from mwaa.model.platform import Denied
from mwaa.words import counted
from ops.causes import causes
from ops.commands.doctor.drifted import Drift
from ops.commands.doctor.selection import DRIFT
from ops.errors import statement
from policy import formats
from policy.rules.catalog import Judgment
from policy.rules.rule import Stage, Verdict

FIX_DRIFT = (
    "`pulumi up --refresh` brings the account back to the program, `pulumi refresh` accepts it; "
    "`mwaa drift` says who changed the environment last"
)
DRIFT_RULE = {
    "id": DRIFT,
    "name": "Drift",
    "shortDescription": {"text": "The account holds what the stack's outputs say"},
    "fullDescription": {"text": "Somebody changed the environment beside the program."},
    "help": {"text": FIX_DRIFT},
    "helpUri": "https://www.pulumi.com/docs/deployments/deployments/drift/",
    "defaultConfiguration": {"level": "error"},
    "properties": {"tags": ["drift"]},
}
_BEFORE = {ExitCode.DONE: "ready", ExitCode.FAILED: "not ready", ExitCode.UNSURE: "unsure"}
_AFTER = {ExitCode.DONE: "healthy", ExitCode.FAILED: "broken", ExitCode.UNSURE: "unsure"}


@dataclass(frozen=True)
class Diagnosis:
    """Everything the doctor says. ``waiting`` rules are about what is not made yet."""

    name: str
    stage: Stage
    status: str
    judgments: Sequence[Judgment]
    denied: Sequence[Denied] = ()
    drifts: Sequence[Drift] = ()
    waiting: int = 0
    error: Mapping[str, str] = field(default_factory=dict)
    """``LastUpdate.Error`` of the environment: ErrorCode and ErrorMessage."""
    advisory: bool = False
    unused_waivers: Sequence[str] = ()

    @property
    def code(self) -> ExitCode:
        """Whether a mandatory rule is broken or an output drifted, else whether one is unknown."""
        if self.advisory:
            return ExitCode.DONE
        return ExitCode.FAILED if self.drifts else formats.exit_code(self.judgments)

    @property
    def verdict(self) -> str:
        """``healthy``, ``broken``, ``drifted`` or ``unsure``; before a create ``ready`` and
        ``not ready``."""
        code = formats.exit_code(self.judgments)
        if self.drifts and code is not ExitCode.FAILED:
            return "drifted"
        return _BEFORE[code] if self.stage is Stage.BEFORE else _AFTER[code]

    def sentence(self) -> str:
        """The verdict with its main reason."""
        n = formats.counts(self.judgments)
        broken = [
            j.rule.title
            for cause, explained in formats.by_cause(self.judgments)
            for j in (cause, *explained)
            if j.rule.enforcement == "mandatory"
        ]
        words = f"{self.name} is {self.status}: {self.verdict.upper()}"
        if broken:
            more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
            return f"{words}. Broken rule: {broken[0]}{more}"
        if self.drifts:
            first = ", ".join(one.output for one in self.drifts[:3])
            more = f" and {len(self.drifts) - 3} more" if len(self.drifts) > 3 else ""
            return f"{words}. The account contradicts the stack: {first}{more}"
        if n["unknown"]:
            return f"{words}. {counted(n['unknown'], 'rule')} could not be judged"
        advice = f"{counted(n['advisory'], 'piece')} of advice"
        return f"{words}. {counted(n['pass'], 'rule')} passed, {advice}"

    def document(self) -> dict[str, Any]:
        """Plain data: the report's, with what only a running environment has."""
        data = formats.data(self.judgments)
        skipped = {one.permission for one in self.denied if one.reason == "denied"}
        for one in data["rules"]:
            if one["verdict"] == Verdict.UNKNOWN.value and self.denied:
                one["verdict"] = "skipped"
        return {
            "environment": self.name,
            "status": self.status,
            "stage": self.stage.value,
            "verdict": self.verdict,
            "last_update_error": dict(self.error) or None,
            "causes": [asdict(cause) for cause in self._causes()],
            "drift": [asdict(one) for one in self.drifts],
            "not_seen": [asdict(one) for one in self.denied],
            "missing_permissions": sorted(skipped),
            "waiting": self.waiting,
            "unused_waivers": list(self.unused_waivers),
            **data,
        }

    def text(self, *, passes: bool) -> str:
        """For people: the verdict, the cause, the findings, what drifted, what was not seen."""
        lines = [self.sentence(), ""]
        if self.error:
            lines.append(
                f"last update: {self.error.get('ErrorCode', '')} "
                f"{self.error.get('ErrorMessage', '')}"
            )
            for cause in self._causes():
                lines += [f"  likely: {cause.meaning}", f"    do: {cause.remedy}"]
            lines.append("")
        if unseen := self._unseen():
            lines += [*unseen, ""]
        if self.drifts:
            lines += [f"DRIFT    {one.sentence()}" for one in self.drifts]
            lines += [f"  fix: {FIX_DRIFT}", ""]
        found = formats.text(self.judgments, passes=passes)
        if self.denied:
            # Not seen is not the same as not known: a permission would show it.
            found = found.replace("UNKNOWN  mwaa-", "SKIPPED  mwaa-")
        lines += [found.rstrip("\n")]
        if self.waiting:
            later = counted(self.waiting, "more rule")
            lines.append(f"{later} can be judged when the program has made its parts")
        return "\n".join(lines) + "\n"

    def sarif(self) -> dict[str, Any]:
        """The report's SARIF log, with what drifted."""
        log = formats.sarif(self.judgments)
        if self.drifts:
            (run,) = log["runs"]
            rules = run["tool"]["driver"]["rules"]
            level = "warning" if self.advisory else "error"
            run["results"] += [
                formats.result(len(rules), DRIFT, level, one.sentence(), one.output)
                for one in self.drifts
            ]
            rules.append(DRIFT_RULE)
        return log

    def _unseen(self) -> list[str]:
        """What could not be seen, and the statement that would show it."""
        other = [one for one in self.denied if one.reason != "denied"]
        lines = [f"not seen: {one.call} answered {one.reason}" for one in other]
        missing = {one.permission for one in self.denied if one.reason == "denied"}
        if missing:
            lines += ["not seen for want of permissions; add:", f"  {statement(missing)}"]
        return lines

    def _causes(self) -> list[Any]:
        if not self.error:
            return []
        return causes(self.error.get("ErrorMessage", ""), self.error.get("ErrorCode", ""))
