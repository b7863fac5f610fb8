"""The rule reference: each rule is in the table once, and once, in full, on its page."""

import re

import pytest

from docs import rules_page
from policy.rules.catalog import FOLDER, SECTIONS, catalog
from policy.rules.rule import Rule

ROW = re.compile(r"^\| \[`(.+?)`\]\((\w+)\.md#(.+?)\) \| (.+) \| (\w+) \| (\w+) \| (.+) \|$", re.M)


def test_the_table_has_every_rule_with_its_facts() -> None:
    rows = ROW.findall(rules_page.index())
    assert rows == [
        (
            rule.id,
            rule.section(),
            rule.id,
            rule.title,
            rule.enforcement,
            rule.severity,
            ", ".join(one for one in ("artifacts", "plan", "live") if one in rule.origins),
        )
        for rule in catalog()
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_has_exactly_the_rules_of_its_section(section: str) -> None:
    page = rules_page.section_page(section)
    ids = re.findall(r'^<a id="(.+)"></a>$', page, re.MULTILINE)
    titles = re.findall(r"^### (.+)$", page, re.MULTILINE)
    wanted = {rule.id: rule.title for rule in catalog() if rule.id.startswith(f"mwaa-{section}-")}
    assert dict(zip(ids, titles, strict=True)) == wanted
    assert len(ids) == len(wanted)


@pytest.mark.parametrize("rule", catalog(), ids=lambda rule: rule.id)
def test_a_rule_stands_there_in_full(rule: Rule) -> None:
    page = rules_page.section_page(rule.section())
    entry = page.split(f'<a id="{rule.id}"></a>')[1].split("<a id=")[0]
    facts = (rule.why, rule.source, *rule.frameworks, rule.fix.command.partition(" (")[0])
    assert all(fact in entry for fact in facts)
    assert rule.fix.setting.partition(" (")[0] in entry
    assert not rule.profile or f"`{rule.profile}`" in entry


def test_folders_within_a_section_are_headings() -> None:
    page = rules_page.section_page("network")
    folders = [path.parent.name for path in (FOLDER / "network").glob("*/__init__.py")]
    assert folders
    assert len(re.findall(r"^## ", page, re.MULTILINE)) == len(folders)
