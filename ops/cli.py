"""The command line ``mwaa <verb>``: finds the verb's module, runs it, turns errors into words.

A verb is a module of ``ops/commands/`` with ``PERMISSIONS`` (the IAM actions it uses), ``STATUSES``
(the environment statuses it is valid in), ``EXAMPLES`` and ``run``, whose annotations are its
options. Modules load only when their verb is used, and help is plain: ``mwaa --help`` costs the
import of typer alone (about 0.1 s; boto3 would add 0.6 s and rich 0.1 s).
"""

import functools
import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from mwaa.exit_codes import ExitCode
from mwaa.words import nearest, suggestion
from ops import options
from ops.errors import RefusedError, VerbError, explain
from ops.terminal import Format, has_answered

# How typer refuses a value that an option does not take.
_NO_CHOICE = re.compile(r"'(.*)' is not one of (.+)\.")
HELP = {"help_option_names": ["-h", "--help"]}


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


app = typer.Typer(cls=Verbs, rich_markup_mode=None, no_args_is_help=True, context_settings=HELP)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"mwaa {version('mwaa')}")
        raise typer.Exit


@app.callback()
def group(
    directory: options.Directory = "",
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Work a running Amazon MWAA environment. `mwaa <verb> --help` explains a verb."""
    _enter(directory)


def command(name: str) -> Any:
    """The typer command of verb ``name``, made from its module's ``run``."""
    verb = VERBS[name]
    module = importlib.import_module(verb.module)
    examples = "\n".join(f"  {example}" for example in module.EXAMPLES)
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command(
        name,
        help=f"{verb.summary}\n\n{_text(module.run)}\n\n\b\nExamples:\n{examples}",
        context_settings={**HELP, **getattr(module, "CONTEXT", {})},
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
    try:
        code = app(prog_name="mwaa", standalone_mode=False)
    except Exception as error:
        # Wrong usage: typer's exceptions have no public base class, but can show themselves.
        if not hasattr(error, "format_message"):
            raise
        # The name of a class of Python tells nobody anything.
        words = getattr(error, "message", "").removeprefix("Value error, ")
        error.message = _with_nearest(words)  # type: ignore[attr-defined]
        error.show()  # type: ignore[attr-defined]
        code = _ended(ExitCode.REFUSED, error.format_message(), as_json=_wants_json())
    raise SystemExit(code or 0)


def _with_nearest(words: str) -> str:
    """What is wrong with the value of an option, and the nearest of those that it takes."""
    refused = _NO_CHOICE.fullmatch(words)
    if refused is None:
        return words
    meant = suggestion(refused[1], re.findall("'([^']+)'", refused[2]))
    return f"{words.removesuffix('.')}{meant}."


def _wants_json() -> bool:
    """Whether the command line asks for JSON; it may be too wrong to be parsed."""
    words = sys.argv[1:]
    words = words[: words.index("--")] if "--" in words else words
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def _ended(code: ExitCode, message: str, *, as_json: bool) -> int:
    """Whoever asked for JSON gets one document on standard output, whatever happened."""
    if as_json and not has_answered():
        error = {"kind": code.name.lower(), "exit_code": int(code), "message": message}
        print(json.dumps({"error": error}, indent=2))
    return int(code)


def _enter(directory: str) -> None:
    if not directory:
        return
    try:
        os.chdir(directory)
    except OSError as error:
        raise typer.BadParameter(f"{directory}: {error.strerror}", param_hint="-C") from None


def _text(run: Callable[..., object]) -> str:
    return "\n".join(line.strip() for line in (run.__doc__ or "").strip().splitlines())


def _guarded(run: Callable[..., object], permissions: tuple[str, ...]) -> Callable[..., None]:
    """``run`` with ``-C``, and with words and exit codes for what goes wrong."""

    @functools.wraps(run)
    def guarded(*args: Any, directory: str = "", **kwargs: Any) -> None:
        _enter(directory)
        as_json = kwargs.get("form") == Format.JSON

        def end(code: ExitCode, message: str) -> typer.Exit:
            if message:
                print(f"mwaa: {message}", file=sys.stderr)
            return typer.Exit(_ended(code, message, as_json=as_json))

        try:
            run(*args, **kwargs)
        except typer.Exit:
            raise
        except VerbError as error:
            raise end(error.code, str(error)) from None
        except KeyboardInterrupt:
            words = "interrupted; run the same command again to continue"
            raise end(ExitCode.INTERRUPTED, words) from None
        except Exception as error:
            refusal = explain(error, permissions)
            if refusal is None:
                raise
            raise end(ExitCode.REFUSED, str(refusal)) from None

    signature = inspect.signature(run, eval_str=True)
    option = inspect.Parameter(
        "directory", inspect.Parameter.KEYWORD_ONLY, default="", annotation=options.Directory
    )
    own = signature.replace(parameters=[*signature.parameters.values(), option])
    guarded.__signature__ = own  # type: ignore[attr-defined]
    return guarded


__all__ = ["VERBS", "RefusedError", "Verb", "app", "command", "main"]
