"""The pictures are whole, say in words what they show, and suit light and dark pages."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mwaa.service.ports import HTTPS, POSTGRESQL

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = sorted(IMAGES.glob("*.svg"))


def _parsed(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text("utf-8"))  # noqa: S314 - a file of the project


def test_every_picture_is_text() -> None:
    assert PICTURES and sorted(IMAGES.iterdir()) == PICTURES


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_described_and_has_dark_colors(path: Path) -> None:
    root = _parsed(path)
    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
    light, dark = (
        path.read_text("utf-8")
        .partition("</style>")[0]
        .split("@media (prefers-color-scheme: dark) {")
    )
    assert _colored(light) and _colored(light) == _colored(dark)


def _colored(css: str) -> set[str]:
    """The selectors that are given a color to fill with."""
    rules = re.findall(r"([^{}>]+)\{([^{}]*)\}", css)
    return {
        selector.strip()
        for selectors, body in rules
        if "fill: #" in body
        for selector in selectors.split(",")
    }


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_text_is_large_enough_and_inside_the_picture(path: Path) -> None:
    root = _parsed(path)
    width, height = (float(one) for one in root.attrib["viewBox"].split()[2:])
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", path.read_text("utf-8"))]
    # A page of GitHub shows a picture about 850 pixels wide.
    assert sizes and min(sizes) * 850 / width >= 11
    for item in root.iter(f"{SVG}text"):
        assert 0 < float(item.attrib["x"]) < width and 0 < float(item.attrib["y"]) < height


def test_the_security_group_admits_what_the_picture_says() -> None:
    words = [item.text or "" for item in _parsed(IMAGES / "platform.svg").iter(f"{SVG}text")]
    group = " ".join(words[words.index("Security group") + 1 :][:2])
    assert group == f"admits itself on {HTTPS} and {POSTGRESQL}, and named clients on {HTTPS}"
