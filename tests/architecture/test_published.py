"""Names that users rely on stay: `published/names.json` lists those of 9b712f1, the last version of
the old rooms. The list may grow. A name that goes is a stack file that is refused, a pipeline that
breaks, or a resource that is deleted; tests/components/test_urns.py holds the resources' names."""

import ast
import json
import re
from pathlib import Path

import pytest

from mwaa.settings import outputs
from mwaa.settings.load import Settings
from ops.cli import VERBS
from policy.rules.catalog import catalog

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Path(__file__).parent / "published" / "names.json"
NAMES: dict[str, list[str]] = json.loads(PUBLISHED.read_text(encoding="utf-8"))


def tokens() -> set[str]:
    """The type tokens that components register."""
    return {
        node.value
        for path in (ROOT / "components").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("mwaa:components:")
    }


def targets() -> set[str]:
    """The targets that `make help` lists."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*##", text, re.MULTILINE))


NOW = {
    "type tokens": tokens,
    "settings": lambda: set(Settings.declared()),
    "outputs": lambda: set(outputs.NAMES),
    "rules": lambda: {rule.id for rule in catalog()},
    "verbs": lambda: set(VERBS),
    "make targets": targets,
}


@pytest.mark.parametrize("kind", NAMES)
def test_no_published_name_goes(kind: str) -> None:
    gone = set(NAMES[kind]) - NOW[kind]()
    assert not gone, f"users rely on these {kind}: {', '.join(sorted(gone))}"


def test_every_kind_of_name_is_held() -> None:
    assert NAMES.keys() == NOW.keys()
    assert all(len(names) > 10 for names in NAMES.values())
