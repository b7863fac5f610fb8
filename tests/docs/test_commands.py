"""The commands that a person copies from README, guides and rules exist, with their options."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.cli import VERBS, help_text
from policy.rules.catalog import catalog

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
    *sorted((ROOT / "docs" / "templates").rglob("*.md")),
]
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^|[$|] |\n)mwaa ([a-z]+)\b([^\n|#]*)")


def calls() -> Iterator[tuple[str, str, str]]:
    """Place, verb and the rest of each call of ``mwaa``."""
    for page in PAGES:
        for block, inline in CODE.findall(page.read_text("utf-8")):
            for verb, rest in CALL.findall(block or inline):
                yield page.name, verb, rest
    for rule in catalog():
        for verb, rest in CALL.findall(f"{rule.fix.setting}\n{rule.fix.command}"):
            yield rule.id, verb, rest


@pytest.mark.parametrize(("place", "verb", "rest"), sorted(set(calls())))
def test_a_call_of_mwaa_has_a_verb_and_options_that_exist(place: str, verb: str, rest: str) -> None:
    assert verb in VERBS
    options = re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)
    assert not [name for name in options if not re.search(rf"{name}\b", help_text(verb))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_module_that_is_run_exists(page: Path) -> None:
    modules = re.findall(r"python -m ([a-z][\w.]*)", page.read_text("utf-8"))
    # The changelog also names what a module was called before.
    gone = {"local", "day2"} if page.name == "CHANGELOG.md" else set()
    files = [ROOT / name.replace(".", "/") for name in {*modules} - {"venv", "pip", *gone}]
    assert not [
        str(file)
        for file in files
        if not (file / "__main__.py").is_file() and not file.with_suffix(".py").is_file()
    ]


def test_the_calls_are_found() -> None:
    found = {verb for _, verb, _ in calls()}
    assert {"preflight", "sync", "doctor", "impact", "permissions"} <= found
