"""Pieces of Markdown that the generated pages are made of."""

from pathlib import Path
from string import Template
from typing import Final

_TEMPLATES: Final = Path(__file__).parent / "templates"


def filled(template: str, **parts: str) -> str:
    """A page of ``docs/templates/`` with its ``$names`` replaced; an unknown name raises."""
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(parts)


def table(*headings: str, rows: list[str]) -> str:
    """A table; ``rows`` are made by ``row``."""
    return "\n".join([row(*headings), "|" + "---|" * len(headings), *rows])


def row(*cells: str) -> str:
    """One row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
