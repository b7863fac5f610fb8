"""Finds in what the containers wrote why they do not work: a cause, and the lines that tell it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mwaa.model.platform import LogGroup, LogStream, known
from mwaa.service import log_messages as messages
from mwaa.service.log_messages import Sign
from mwaa.service.log_streams import REQUIREMENTS, STARTUP

SHOWN = 6
_EXCEPTION = re.compile(r"\b(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Interrupt)\b")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What one stream tells: its last ``lines`` about it, oldest first, and what helps."""

    group: str
    stream: str
    meaning: str
    fix: str
    lines: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The cause and where it stands."""
        return f"{self.meaning} ({self.group}, {self.stream})"


def requirements(groups: Iterable[LogGroup]) -> Iterator[Trouble]:
    """Where pip failed, in the newest container of each group."""
    return _newest(groups, REQUIREMENTS, _pip)


def startup(groups: Iterable[LogGroup]) -> Iterator[Trouble]:
    """Where the startup script failed, in the newest container of each group."""
    return _newest(groups, STARTUP, _script)


def components(groups: Iterable[LogGroup]) -> Iterator[Trouble]:
    """What scheduler, workers, web server and DAG processor miss, and what startup scripts did
    not find but may do without: each cause once."""
    told: set[str] = set()
    for group in groups:
        for stream in group.streams if known(group.streams) else ():
            if stream.name.startswith(STARTUP):
                found = _script(group.id, stream, stops=False)
            elif stream.name.startswith(REQUIREMENTS):
                continue
            else:
                found = _component(group.id, stream)
            if found and found.meaning not in told:
                told.add(found.meaning)
                yield found


def unread(groups: Iterable[LogGroup]) -> str:
    """The first stream or group that could not be read; empty where all were."""
    for group in groups:
        if not known(group.streams):
            return group.id
        for stream in group.streams:
            if not known(stream.lines):
                return f"{group.id}, {stream.name}"
    return ""


def _newest(
    groups: Iterable[LogGroup], prefix: str, judge: Callable[[str, LogStream], Trouble | None]
) -> Iterator[Trouble]:
    for group in groups:
        streams = group.streams if known(group.streams) else ()
        # What a container did before the newest one is no longer so.
        stream = next((one for one in streams if one.name.startswith(prefix)), None)
        if stream and (found := judge(group.id, stream)):
            yield found


def _pip(group: str, stream: LogStream) -> Trouble | None:
    lines = stream.lines if known(stream.lines) else ()
    end = next((n for n, line in enumerate(lines) if messages.PIP_FAILED in line), len(lines))
    failed = end < len(lines)
    sign, place = _first(lines[:end], messages.REQUIREMENTS)
    if sign is None or not (failed or sign.stops):
        if not failed:
            return None
        what = "pip failed" if end else "pip failed, and the stream does not say why"
        return _trouble(
            group, stream, what, "`mwaa preflight` tries what pip does", lines, max(end - 1, 0)
        )
    # What pip says last sums up what it says before.
    return _trouble(
        group, stream, sign.meaning, sign.fix, lines, end - 1 if failed else place, sign
    )


def _script(group: str, stream: LogStream, *, stops: bool = True) -> Trouble | None:
    lines = stream.lines if known(stream.lines) else ()
    sign, place = _first(lines, [one for one in messages.STARTUP if one.stops is stops])
    if sign is None:
        return None
    return _trouble(group, stream, sign.meaning, sign.fix, lines, place, sign)


def _component(group: str, stream: LogStream) -> Trouble | None:
    lines = stream.lines if known(stream.lines) else ()
    sign, place = _first(lines, messages.COMPONENTS)
    if sign is not None:
        return _trouble(group, stream, sign.meaning, sign.fix, lines, place, sign)
    for start in reversed(range(len(lines))):
        if messages.TRACEBACK in lines[start]:
            ends = (n for n in range(start + 1, len(lines)) if _EXCEPTION.search(lines[n]))
            place = next(ends, start)
            meaning = f"an exception: {lines[place].strip()}" if place > start else "an exception"
            return _trouble(
                group, stream, meaning, "`mwaa logs` shows what stands around it", lines, place
            )
    return None


def _first(lines: Sequence[str], signs: Sequence[Sign]) -> tuple[Sign | None, int]:
    """The first sign in the order of the table, with the last line that shows it."""
    for sign in signs:
        for number in reversed(range(len(lines))):
            if sign.pattern.search(lines[number]):
                return sign, number
    return None, -1


def _trouble(
    group: str,
    stream: LogStream,
    meaning: str,
    fix: str,
    lines: Sequence[str],
    place: int,
    sign: Sign | None = None,
) -> Trouble:
    caught = _caught(lines, sign) if sign else ""
    shown = [line.rstrip() for line in lines[max(0, place - SHOWN + 1) : place + 1] if line.strip()]
    return Trouble(
        group=group,
        stream=stream.name,
        meaning=_filled(meaning, caught),
        fix=_filled(fix, caught),
        lines=tuple(shown),
    )


def _caught(lines: Sequence[str], sign: Sign) -> str:
    """What the sign's pattern caught, in the last line where it caught something."""
    for line in reversed(lines):
        found = sign.pattern.search(line)
        if found and any(found.groups()):
            return next(one for one in found.groups() if one)
    return ""


def _filled(words: str, caught: str) -> str:
    return (
        words.replace("{0}", caught) if caught else words.replace(": {0}", "").replace("{0}", "it")
    )
