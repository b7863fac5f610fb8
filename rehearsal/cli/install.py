"""Puts the engine, the language host and the stand-in plugins where the engine looks for them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from rehearsal.cli import published
from rehearsal.cli.workspace import ROOT, Workspace
from rehearsal.engine import Engine
from rehearsal.forks import client
from rehearsal.plugins.language.packages import required_plugins, site_packages

ENTRY = ROOT / "rehearsal" / "entry.py"
STAND_INS = {"aws": "rehearsal.plugins.aws", "awsx": "rehearsal.plugins.awsx"}


def install(workspace: Workspace, engine: Engine) -> None:
    """Prepare `workspace` for `engine`; quick and without effect when it is prepared already."""
    for directory in (workspace.bin, workspace.engine.parent, workspace.state, workspace.stacks):
        directory.mkdir(parents=True, exist_ok=True)
    _place_engine(workspace, engine)
    _write(workspace.bin / "pulumi", _script("rehearsal.cli.launcher", str(workspace.home)))
    # A built engine comes without what the published one has beside it: the language host, and
    # what starts the dynamic providers of a Python program.
    beside = {
        "pulumi-language-python": _forked(workspace, "rehearsal.plugins.language"),
        "pulumi-resource-pulumi-python": _script("pulumi.dynamic"),
    }
    for program, text in beside.items():
        file = workspace.engine.with_name(program)
        if engine.official:
            file.unlink(missing_ok=True)
        else:
            _write(file, text)
    plugins = workspace.pulumi_home / "plugins"
    for plugin in required_plugins(site_packages()):
        module = STAND_INS.get(plugin.name)
        if module and workspace.published:
            published.install(workspace, plugin)
        elif module:
            directory = plugins / f"resource-{plugin.name}-v{plugin.version}"
            _write(directory / f"pulumi-resource-{plugin.name}", _forked(workspace, module))


def _place_engine(workspace: Workspace, engine: Engine) -> None:
    """The engine finds its language host beside its own file, links resolved.

    An official one is linked to, so that it finds the published host; a built one, shared by all
    checkouts, gets a name here, so that it finds this checkout's host.
    """
    target = workspace.engine
    if engine.official:
        if not (target.is_symlink() and target.resolve() == engine.path.resolve()):
            target.unlink(missing_ok=True)
            target.symlink_to(engine.path)
        return
    if target.exists() and not target.is_symlink() and _same(target, engine.path):
        return
    staged = target.with_name(f".pulumi.{os.getpid()}")
    staged.unlink(missing_ok=True)
    try:
        staged.hardlink_to(engine.path)
    except OSError:  # the cache is on another file system
        shutil.copy2(engine.path, staged)
    staged.replace(target)


def _same(one: Path, other: Path) -> bool:
    first, second = one.stat(), other.stat()
    return first.st_ino == second.st_ino or (
        first.st_size == second.st_size and int(first.st_mtime) == int(second.st_mtime)
    )


def _forked(workspace: Workspace, module: str) -> str:
    """A plugin: a fork where the emulated AWS runs, else an ordinary process."""
    return _shell(*client.command(workspace.forks), str(ENTRY), module)


def _script(module: str, *arguments: str) -> str:
    return _shell(sys.executable, "-P", str(ENTRY), module, *arguments)


def _shell(*words: str) -> str:
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    return f'#!/bin/sh\nexec {quoted} "$@"\n'


def _write(file: Path, text: str) -> None:
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_name(f".{file.name}.{os.getpid()}")
    staged.write_text(text, encoding="utf-8")
    staged.chmod(0o755)
    staged.replace(file)
