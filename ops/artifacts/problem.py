"""One thing that preflight found, or could not prove."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Weight(StrEnum):
    """``error`` breaks the environment or a DAG; ``warning`` may, ``unproven`` was not seen."""

    ERROR = "error"
    WARNING = "warning"
    UNPROVEN = "unproven"


@dataclass(frozen=True)
class Problem:
    """What is wrong at ``file``, ``line`` (0: the whole file), and what to do.

    ``rule`` is a stable name, such as ``dag-queue``.
    """

    rule: str
    weight: Weight
    file: str
    line: int
    message: str

    def text(self) -> str:
        """``file:line: error: message [rule]``, the form editors and CI systems recognize."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.weight}: {self.message} [{self.rule}]"

    def document(self) -> dict[str, object]:
        """The same as a JSON object."""
        return asdict(self)
