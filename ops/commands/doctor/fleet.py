"""Several environments before the doctor: what they share is read once, and one summary follows."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ops.aws import AwsSession
from ops.commands.doctor.result import Diagnosis
from ops.credentials import ProviderCredentials
from ops.errors import RefusedError
from ops.fleet.several import Outcome, each, exit_code, summary
from ops.fleet.shared import Answers, SharedReader
from ops.live.reader import AwsReader
from ops.target import environments
from ops.terminal import table

Credentials: TypeAlias = tuple[str, ProviderCredentials | None, str]
"""Profile, the provider's credentials and region: who asks where."""


@dataclass
class Fleet:
    """The environments, by account and region what was read there, and what was found."""

    found: list[Outcome[Diagnosis]] = field(default_factory=list)
    _readers: list[AwsReader] = field(default_factory=list)
    _shared: list[tuple[Credentials, Answers, dict[str, Any]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reader(self, aws: AwsSession) -> AwsReader:
        """A reader of one environment; those of one account and region share answers."""
        with self._lock:
            place = (aws.profile, aws.provider, aws.region_name)
            known = next((one for one in self._shared if one[0] == place), None)
            if known is None:
                known = (place, Answers(), {})
                self._shared.append(known)
            _, answers, clients = known
            made = SharedReader(aws, _clients=clients, answers=answers)
            self._readers.append(made)
            return made

    def examine(
        self, names: Sequence[str], one: Callable[[str], Diagnosis], permissions: tuple[str, ...]
    ) -> None:
        """``one`` on every name, in parallel."""
        self.found = each(names, one, permissions)

    @property
    def calls(self) -> int:
        """The calls of all readers."""
        return sum(reader.calls for reader in self._readers)

    @property
    def code(self) -> int:
        """1 where one is broken or has drifted, else 2 where one is not known."""
        return exit_code(one.result.code if one.result else 2 for one in self.found)

    def verdicts(self) -> dict[str, int]:
        """How many have which verdict; ``not examined`` where the doctor could not run."""
        return dict(Counter(map(_verdict, self.found)))

    def document(self) -> dict[str, Any]:
        """Plain data: every environment's document, and the counts."""
        return {
            "verdicts": self.verdicts(),
            "environments": [one.result.document() for one in self.found if one.result],
            "not_examined": [
                {"name": one.name, "why": one.refusal} for one in self.found if not one.result
            ],
        }

    def sarif(self) -> dict[str, Any]:
        """One SARIF log with a run for each environment."""
        logs = [one.result.sarif() for one in self.found if one.result]
        if not logs:
            raise RefusedError(
                "no environment could be examined: " + "; ".join(one.refusal for one in self.found)
            )
        for log, one in zip(logs, (one for one in self.found if one.result), strict=True):
            # Without a category of its own a run replaces the one before it, where they are sent.
            log["runs"][0]["automationDetails"] = {"id": f"mwaa-doctor/{one.name}/"}
        return {**logs[0], "runs": [run for log in logs for run in log["runs"]]}

    def text(self, *, passes: bool) -> str:
        """For people: a line for each, then the whole of those that are not healthy."""
        lines = [table([_row(one) for one in self.found])]
        for one in self.found:
            if one.result is None:
                lines.append(f"{one.name} was not examined: {one.refusal}")
            elif passes or one.result.code:
                lines.append(one.result.text(passes=passes).rstrip("\n"))
        return "\n\n".join([*lines, summary("environment", map(_verdict, self.found))]) + "\n"


def _verdict(one: Outcome[Diagnosis]) -> str:
    return one.result.verdict if one.result else "not examined"


def _row(one: Outcome[Diagnosis]) -> tuple[str, str, str, str]:
    if one.result is None:
        return one.name, "-", _verdict(one), one.refusal.splitlines()[0].partition(". ")[0]
    # A sentence begins with name, status and verdict, which stand in columns here.
    said = one.result.sentence()
    return one.name, one.result.status, _verdict(one), said.partition(". ")[2] or said


def all_of(aws: AwsSession) -> list[str]:
    """Every environment of the account and region; ``RefusedError`` where there is none."""
    names = environments(aws)
    if not names:
        raise RefusedError(f"there is no environment in {aws.region_name}: is it another region?")
    return names
