"""The command line ``mwaa <verb>``: finds the verb's module, runs it, turns errors into words.

A verb is a module of ``ops/commands/`` with ``PERMISSIONS`` (the IAM actions it uses), ``STATUSES``
(the environment statuses it is valid in), ``EXAMPLES`` and ``run``, whose annotations are its
options. Modules load only when their verb is used, and help is plain: ``mwaa --help`` costs the
import of typer alone (about 0.1 s; boto3 would add 0.6 s and rich 0.1 s).
"""

import functools
import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from mwaa.words import nearest
from ops.errors import FailedError, RefusedError, explain


@dataclass(frozen=True)
class Verb:
    """One verb: the module that holds it and the line ``mwaa --help`` shows."""

    module: str
    summary: str


def _verbs() -> dict[str, Verb]:
    """The verbs by their place: ``ops/commands/<verb>.py``, or ``<verb>/<verb>.py`` there.

    Nothing is imported: the summary is the first line of the module's docstring.
    """
    found = {}
    for path in sorted(Path(__file__).with_name("commands").iterdir()):
        name = path.stem
        file = path / f"{name}.py" if path.is_dir() else path
        if not name.startswith("_") and file.is_file():
            with file.open(encoding="utf-8") as lines:
                words = next(lines).strip().removesuffix('"""').rpartition("``: ")[2]
            inner = f".{name}" if path.is_dir() else ""
            # Installed from a wheel the package has another name than here.
            module = f"{__package__}.commands.{name}{inner}"
            found[name] = Verb(module, words[0].upper() + words[1:])
    return found


VERBS = _verbs()


class Verbs(TyperGroup):
    """A group that knows its verbs by name and loads each when it is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs by name."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of one verb, or ``None`` for an unknown name."""
        return command(cmd_name) if cmd_name in VERBS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that ``args`` begin with; usage error with the nearest names for another."""
        if args[0] not in VERBS:
            near = nearest(args[0], VERBS, most=2)
            meant = f" Did you mean {near}?" if near else ""
            ctx.fail(f"there is no verb {args[0]}.{meant} Verbs: {', '.join(VERBS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of verbs, without loading any of them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


app = typer.Typer(cls=Verbs, rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Work a running Amazon MWAA environment. `mwaa <verb> --help` explains a verb."""


def command(name: str) -> Any:
    """The typer command of verb ``name``, made from its module's ``run``."""
    verb = VERBS[name]
    module = importlib.import_module(verb.module)
    examples = "\n".join(f"  {example}" for example in module.EXAMPLES)
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command(
        name,
        help=f"{verb.summary}\n\n{_text(module.run)}\n\n\b\nExamples:\n{examples}",
        context_settings=getattr(module, "CONTEXT", None),
    )(_guarded(module.run, module.PERMISSIONS))
    return typer.main.get_command(single)


def help_text(name: str) -> str:
    """What ``mwaa <name> --help`` prints, 100 columns wide wherever it is asked for."""
    single = command(name)
    context = single.make_context(f"mwaa {name}", ["--help"], resilient_parsing=True)
    context.terminal_width = context.max_content_width = 100
    return "\n".join(line.rstrip() for line in single.get_help(context).splitlines())


def main() -> None:
    """The ``mwaa`` program."""
    # rich tracebacks print local values, and a value may be a token.
    os.environ.setdefault("TYPER_STANDARD_TRACEBACK", "1")
    app(prog_name="mwaa")


def _text(run: Callable[..., object]) -> str:
    return "\n".join(line.strip() for line in (run.__doc__ or "").strip().splitlines())


def _guarded(run: Callable[..., object], permissions: tuple[str, ...]) -> Callable[..., None]:
    @functools.wraps(run)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            run(*args, **kwargs)
        except typer.Exit:
            raise
        except FailedError as failure:
            if str(failure):
                print(f"mwaa: {failure}", file=sys.stderr)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            print("mwaa: interrupted; run the same command again to continue", file=sys.stderr)
            raise typer.Exit(130) from None
        except Exception as error:
            refusal = explain(error, permissions)
            if refusal is None:
                raise
            print(f"mwaa: {refusal}", file=sys.stderr)
            raise typer.Exit(2) from None

    return guarded


__all__ = ["VERBS", "RefusedError", "Verb", "app", "command", "main"]
