"""Variables that a startup script takes for set: where one is not, bash may end the shell.

Seen with bash 5.2: ``${X:?}``, and any variable below ``set -u``, end a shell that nobody types
into; what the script exported by then is lost. In a subshell or a pipe only that one ends.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from policy.analysis.artifacts.shell import Expansion

if TYPE_CHECKING:
    from tree_sitter import Node

_APART = {
    *("subshell", "command_substitution", "process_substitution", "pipeline"),
    # What a program is given or writes to is expanded in the child that becomes the program.
    *("heredoc_redirect", "herestring_redirect", "file_redirect"),
}
# Commands that give the variables they are told a value, and builtins that ask for one.
_GIVE = {"read", "mapfile", "readarray", "getopts", "printf", "test", "[", "let"}
# What bash and the containers set themselves; whatever else of MWAA's is named like these.
_GIVEN = re.compile(
    r"(MWAA|AIRFLOW|AWS|ECS|PYTHON|BASH|LC_)\w*|HOME|PATH|USER|PWD|OLDPWD|SHLVL|HOSTNAME|LANG|IFS"
    r"|UID|EUID|PPID|RANDOM|SECONDS|LINENO|OSTYPE|HOSTTYPE|MACHTYPE|OPTIND|OPTARG|FUNCNAME|REPLY"
    r"|DIRSTACK|GROUPS|PIPESTATUS|SHELL|SHELLOPTS|EPOCHSECONDS|EPOCHREALTIME|SRANDOM"
)
_NAME = re.compile(r"[A-Za-z_]\w*")
_DEMAND = re.compile(r"\$\{\w+:?\?")
_DEFAULT = re.compile(r"\$\{\w+(:?[-=+])")


def expansions(
    root: "Node", text: "Callable[[Node], str]", called: Collection[str]
) -> Iterator[Expansion]:
    """The expansions in the script's own shell of variables that nothing in it may have set.

    ``text`` gives the text of a node; ``called`` are the functions that run.
    """
    found: list[Expansion] = []
    named: set[str] = set()
    unsure = _walk(root, text, called, found, named, reached=True)
    for one in found:
        # What another file or a text sets cannot be seen; `${X:?}` asks whether it did.
        if one.name not in named and not (unsure and not one.demanded):
            yield one


def _walk(
    node: "Node",
    text: "Callable[[Node], str]",
    called: Collection[str],
    found: list[Expansion],
    named: set[str],
    *,
    reached: bool,
) -> bool:
    """Adds to ``found`` and ``named``; whether the script runs what is not in it."""
    kind, unsure = node.type, False
    if kind == "function_definition":
        name = node.child_by_field_name("name")
        reached = reached and name is not None and text(name) in called
    if kind in _APART or (node.next_sibling is not None and node.next_sibling.type == "&"):
        reached = False
    if kind in ("variable_assignment", "for_statement", "declaration_command"):
        names = [child for child in node.children if child.type in ("variable_name", "subscript")]
        named |= {text(one).partition("[")[0] for one in names}
    elif kind in ("command", "test_command", "unary_expression"):
        head = node.child_by_field_name("name")
        program = text(head) if head is not None else ""
        unsure = program in ("source", ".", "eval")
        if not program or program in _GIVE:
            named |= {text(c) for c in node.children if c.type == "word"}
    elif kind in ("expansion", "simple_expansion"):
        name = next((child for child in node.children if child.type == "variable_name"), None)
        if name is not None:
            _expansion(text(node), text(name), node.start_point[0] + 1, found, named, reached)
    for child in node.children:
        unsure |= _walk(child, text, called, found, named, reached=reached)
    return unsure


def _expansion(
    written: str, name: str, line: int, found: list[Expansion], named: set[str], reached: bool
) -> None:
    if _DEFAULT.match(written):
        # Whoever gives a default knows that it may not be set.
        named.add(name)
    elif reached and _NAME.fullmatch(name) and not _GIVEN.fullmatch(name):
        found.append(Expansion(line, name, demanded=bool(_DEMAND.match(written))))
