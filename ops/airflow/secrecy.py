"""What must not stand in a file: by Airflow's own rule of names, and by what a value looks like.

Airflow 2 gives variables in clear and masks nothing in them; Airflow 3 masks. Both never give a
password.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mwaa.service.airflow_objects import is_secret_name

MASK: Final = "***"
_CREDENTIALS_IN_URL: Final = re.compile(r"://[^/\s:@]*:[^/\s@]+@")
_OPTION: Final = "core.sensitive_var_conn_names"


@dataclass(frozen=True)
class Secrecy:
    """``more`` are names that the environment adds to Airflow's own."""

    more: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, str]) -> "Secrecy":
        """The rule of an environment with these configuration options."""
        added = str(options.get(_OPTION, "")).split(",")
        return cls(frozenset(name.strip().lower() for name in added if name.strip()))

    def hides(self, name: str) -> bool:
        """Whether what has this name is a secret."""
        return is_secret_name(name, self.more)

    def is_secret(self, name: str, value: str) -> bool:
        """Whether a variable's value is a secret, masked or in clear, or holds one; an empty one is
        none."""
        if not value:
            return False
        if self.hides(name) or MASK in value or _CREDENTIALS_IN_URL.search(value):
            return True
        try:
            parsed = json.loads(value)
        except ValueError:
            return False
        return any(True for _ in self._secret_paths(parsed))

    def parted(self, extra: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
        """A connection's extra without its secrets, and the paths of what is left out.

        What is no JSON object is left out as a whole: nobody can say what is in it.
        """
        if not extra:
            return {}, ()
        try:
            parsed = json.loads(extra)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            return {}, ("extra",)
        hidden = tuple(f"extra.{path}" for path in self._secret_paths(parsed))
        return self._without(parsed), hidden

    def _secret_paths(self, value: Any, path: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                place = f"{path}.{key}" if path else str(key)
                if self.hides(str(key)):
                    yield place
                else:
                    yield from self._secret_paths(inner, place)
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                yield from self._secret_paths(inner, f"{path}[{number}]")
        elif isinstance(value, str) and (MASK in value or _CREDENTIALS_IN_URL.search(value)):
            yield path

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: self._without(inner)
                for key, inner in value.items()
                if not self.hides(str(key)) and not any(True for _ in self._leaf(inner))
            }
        if isinstance(value, list):
            return [self._without(one) for one in value if not any(True for _ in self._leaf(one))]
        return value

    def _leaf(self, value: Any) -> Iterator[str]:
        return iter(()) if isinstance(value, dict | list) else self._secret_paths(value)
