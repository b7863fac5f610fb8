"""The reference of all rules, from the catalog: a table, and a page for each section."""

from itertools import groupby
from typing import Final

from docs.markdown import filled, row, table
from policy.rules.catalog import SECTIONS, catalog
from policy.rules.rule import ALWAYS, Rule, Stage

TITLES: Final = {
    "network": "Network",
    "storage": "Source bucket",
    "identity": "Roles and policies",
    "encryption": "KMS key",
    "logs": "Logs",
    "environment": "Environment",
    "delivery": "Delivered files",
}
"""Section -> heading of its page."""

GROUPS: Final = {
    "airflow": "Airflow",
    "choices": "Settings",
    "dags": "DAGs",
    "startup": "Startup script",
    "vpc": "VPC and subnets",
}
"""Folder within a section -> its heading, where the folder's own name is not the heading."""

_ORIGINS: Final = ("artifacts", "plan", "live")
_STAGES: Final = {
    Stage.BEFORE: "before a create is planned",
    Stage.LAST: "seconds before the create or update",
    Stage.AFTER: "once the environment exists",
}


def index() -> str:
    """All rules in one table, below the page's own words."""
    rules = catalog()
    sections = [
        row(
            f"[{TITLES[section]}]({section}.md)",
            str(len(own := rules_of(section))),
            str(sum(rule.enforcement == "mandatory" for rule in own)),
        )
        for section in SECTIONS
    ]
    rows = [
        row(
            f"[`{rule.id}`]({rule.section()}.md#{rule.id})",
            rule.title,
            rule.enforcement,
            rule.severity,
            _origins(rule),
        )
        for rule in rules
    ]
    return filled(
        "rules/README.md",
        count=str(len(rules)),
        mandatory=str(sum(rule.enforcement == "mandatory" for rule in rules)),
        sections=table("section", "rules", "mandatory", rows=sections),
        table=table("id", "title", "enforcement", "severity", "origins", rows=rows),
    )


def section_page(section: str) -> str:
    """Every rule of a section in full, group by group."""
    own = sorted(rules_of(section), key=_group)
    parts = [f"# Rules: {TITLES[section]}", filled("rules/section.md", count=str(len(own))).strip()]
    for group, rules in groupby(own, key=_group):
        parts += [f"## {group}"] if group else []
        for rule in rules:
            parts += _entry(rule)
    return "\n\n".join(parts) + "\n"


def rules_of(section: str) -> tuple[Rule, ...]:
    """The rules of a section."""
    return tuple(rule for rule in catalog() if rule.section() == section)


def _group(rule: Rule) -> str:
    """The heading of the folder that a rule is in, or nothing where that is the section's own."""
    folders = type(rule).__module__.split(".")[3:-1]
    return GROUPS.get(folders[0], folders[0].replace("_", " ").capitalize()) if folders else ""


def _entry(rule: Rule) -> list[str]:
    command, remark = _remark(rule.fix.command)
    fix = f"by a command{remark}:\n\n```text\n{command}\n```"
    if rule.fix.setting:
        setting, remark = _remark(rule.fix.setting)
        # A setting whose words have code of their own is shown as it is.
        fix = f"by a setting, {setting if '`' in setting else f'`{setting}`'}{remark}, or {fix}"
    notes = [f"Source: <{rule.source}>"]
    if rule.frameworks:
        notes.append(f"Frameworks: {', '.join(rule.frameworks)}")
    if rule.profile:
        notes.append(f"Only in the set of rules `{rule.profile}`")
    if "live" in rule.origins and rule.stages != ALWAYS:
        stages = " and ".join(_STAGES[stage] for stage in Stage if stage in rule.stages)
        notes.append(f"An account is judged only {stages}")
    return [
        f'<a id="{rule.id}"></a>\n\n### {rule.title}',
        " · ".join((f"`{rule.id}`", rule.enforcement, rule.severity, _origins(rule))),
        rule.why,
        f"Fix {fix}",
        " · ".join(notes),
    ]


def _remark(fix: str) -> tuple[str, str]:
    """A setting or command, and the remark in parentheses that follows it."""
    text, opening, rest = fix.partition(" (")
    return (text, opening + rest) if rest.endswith(")") and not text.startswith("(") else (fix, "")


def _origins(rule: Rule) -> str:
    return ", ".join(origin for origin in _ORIGINS if origin in rule.origins)
