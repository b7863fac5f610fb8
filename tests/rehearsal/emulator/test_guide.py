"""What the guide on other clients tells people to type is understood."""

import json
import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from rehearsal.emulator.server import Emulator, RunningServer

GUIDE = (Path(__file__).parents[3] / "docs/guides/emulated-aws.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:5000"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", GUIDE, re.DOTALL)
CALLS = [
    line
    for language, text in BLOCKS
    for line in text.replace("\\\n", "").splitlines()
    if not language and line.startswith("curl")
]


@pytest.mark.parametrize("line", CALLS)
def test_every_control_request_is_understood(emulator: Emulator, line: str) -> None:
    body = re.search(r"-d '(.*?)'", line)
    method = "DELETE" if "-X DELETE" in line else "POST" if body else "GET"
    path = line.rpartition(ADDRESS)[2].strip()
    speed = emulator.clock.speed
    try:
        answer = Client(emulator).open(path, method=method, data=body[1] if body else None)
    finally:
        emulator.clock.speed = speed
    assert answer.status_code == 200, answer.text
    assert isinstance(json.loads(answer.text), dict)


def test_the_boto3_lines_run(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    (lines,) = (text for language, text in BLOCKS if language == "python")
    with RunningServer(emulator) as server:
        exec(lines.replace(ADDRESS, server.url), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == "[]\n"
