"""What the documentation names must exist: files, make targets, decisions."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The templates of generated pages are read where they are filled in.
PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("*/README.md"), *(ROOT / "docs").rglob("*.md"))
    if ROOT / "docs" / "templates" not in page.parents
)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    # The links of the decisions' template are examples.
    links = [] if page.name == "template.md" else LINK.findall(page.read_text(encoding="utf-8"))
    lost = []
    for path, anchor in links:
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(f"{path}#{anchor}")
    assert not lost


def _anchors(page: Path) -> set[str]:
    """What a link into a page may name: its own anchors, and headings as GitHub names them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(text))
    return {*ANCHOR.findall(text), *(title.replace(" ", "-") for title in headings)}


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {
        target
        for page in PAGES
        for target in re.findall(r"`make (?:-s )?([a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert named and not named - targets


def test_every_target_has_its_line_of_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    documented = set(re.findall(r"^([a-z-]+):[^#\n]*## \S", text, re.MULTILINE))
    assert set(phony.group(1).split()) == documented


def test_every_decision_is_in_the_list() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    records = [path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")]
    assert records and not [name for name in records if f"({name})" not in listed]


def test_the_readme_opens_with_pulumi_and_then_has_its_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = FENCE.findall(text)[:2]
    assert "pulumi up" in first and "pulumi preview" in first
    assert text[: text.index(first)].count("\n") < 20, "on the first screen"
    assert re.findall(r"^make (\S+)", second, re.MULTILINE) == ["up", "test"]


def test_every_file_that_contributing_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./*]+/[\w./*]*)`", text)
    assert len(named) > 30
    assert not [name for name in named if not any(ROOT.glob(name))]
