"""Reads a startup script as bash does: its commands, what it exports, what it leaves switched on.

Parsed by tree-sitter's grammar of bash, so that comments, here-documents, quotes, chains and
functions mean what they mean to the shell. The grammar is loaded with the first script.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from policy.analysis.artifacts.wrappers import unwrap

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

SHELLS = {"bash", "sh", "dash", "ksh", "zsh"}
# What runs the text after ``-c`` in a shell.
_TAKES_TEXT = SHELLS | {"su", "runuser"}
_PYTHON = re.compile(r"python\d?(\.\d+)?")
# Whose commands run in a shell of their own.
_APART = {"subshell", "command_substitution", "process_substitution", "pipeline"}
# Whose failure the shell itself watches: the left of || and &&, conditions, and what ! turns round.
_CONDITIONS = {"if_statement", "elif_clause", "while_statement"}
_EXPORTS = {"export", "declare", "typeset", "readonly", "local"}
MOST_DEPTH = 4


@dataclass(frozen=True)
class Command:
    """A command that runs: ``words`` without quotes (``$X`` stays where X is not known), without
    ``sudo`` and its like. ``guarded``: its failure is looked at, ``captured``: its output is.
    ``apart``: it runs in a shell of its own, ``background``: nobody waits for it.
    """

    line: int
    words: tuple[str, ...]
    guarded: bool = False
    captured: bool = False
    apart: bool = False
    background: bool = False

    @property
    def program(self) -> str:
        """The name of the program without its folder."""
        return self.words[0].rsplit("/", 1)[-1] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after the program."""
        return self.words[1:]


@dataclass(frozen=True)
class Export:
    """A variable that is left for what runs after the script. ``value`` may hold ``$X`` or be empty
    where it comes from a command."""

    line: int
    name: str
    value: str


@dataclass(frozen=True)
class Script:
    """What a script says. ``shebang`` is its first line if that names an interpreter; ``unread``
    are lines that are not bash, ``text`` its lines for who looks for words in them."""

    shebang: str
    has_windows_ends: bool
    commands: tuple[Command, ...]
    exports: tuple[Export, ...]
    unread: tuple[int, ...]
    text: str = field(repr=False)


@cache
def _parser() -> "Parser":
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


@lru_cache(maxsize=64)
def scan(text: str) -> Script:
    """The facts of a startup script."""
    first = text.partition("\n")[0].rstrip("\r")
    # A carriage return is part of a word to bash; the rest is read as it was meant.
    reader = _Reader(text.replace("\r\n", "\n"))
    reader.read()
    return Script(
        shebang=first if first.startswith("#!") else "",
        has_windows_ends="\r\n" in text,
        commands=tuple(reader.reached()),
        exports=tuple(reader.exported()),
        unread=tuple(sorted(reader.unread)),
        text=text,
    )


@dataclass(frozen=True)
class _Found:
    """A command with the function it stands in; empty outside of any."""

    command: Command
    function: str


@dataclass(frozen=True)
class _Where:
    """What surrounds a node: the function it stands in, and how what runs there is run."""

    function: str = ""
    guarded: bool = False
    captured: bool = False
    apart: bool = False
    background: bool = False

    def command(self, line: int, words: tuple[str, ...]) -> Command:
        return Command(line, words, self.guarded, self.captured, self.apart, self.background)


@dataclass(frozen=True)
class _Change:
    """What a line does to the exports: a new one, an assignment of what may be one, or, with
    ``gone``, its end."""

    export: Export
    function: str
    assigns: bool = False
    gone: bool = False


class _Reader:
    """One pass over a script. Variables keep the last literal value they were given."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.source = text.encode()
        self.depth = depth
        self.variables: dict[str, str] = {}
        self.changes: list[_Change] = []
        self.found: list[_Found] = []
        self.unread: set[int] = set()
        self.exports_all = False
        self._assigned: dict[str, Export] = {}
        self._functions: set[str] = set()
        # Functions that run the words they are given.
        self._runners: set[str] = set()

    def read(self) -> None:
        self._walk(_parser().parse(self.source).root_node, _Where())

    def reached(self) -> Iterator[Command]:
        """The commands outside of functions and those of functions that are called."""
        called = self._called()
        # A function around the program of its own name is no other command.
        around = {one.function for one in self.found if one.command.program == one.function}
        own = self._functions - around
        for one in self.found:
            if one.function not in called or one.command.program in own:
                words = unwrap(list(one.command.arguments))
                if one.function in called and one.command.program in self._runners and words:
                    yield replace(one.command, words=tuple(words))
                continue
            yield one.command

    def exported(self) -> Iterator[Export]:
        called = self._called()
        exports: dict[str, Export] = {}
        for change in self.changes:
            name = change.export.name
            if change.function not in called or (change.assigns and name not in exports):
                continue
            exports.pop(name, None)
            if not change.gone:
                exports[name] = change.export
        return iter(exports.values())

    def _called(self) -> set[str]:
        called = {""}
        while True:
            names = {one.command.program for one in self.found if one.function in called}
            if names <= called:
                return called
            called |= names

    def _walk(self, node: "Node", where: _Where) -> None:
        if node.is_missing or node.type == "ERROR":
            self.unread.add(node.start_point[0] + 1)
        if node.type == "function_definition":
            name = node.child_by_field_name("name")
            where = replace(where, function=self._text(name) if name else where.function)
            self._functions.add(where.function)
        if node.type in ("command_substitution", "process_substitution"):
            where = replace(where, captured=True)
        if node.type in _APART:
            where = replace(where, apart=True)
        if node.next_sibling is not None and node.next_sibling.type == "&":
            where = replace(where, apart=True, background=True)
        if node.type == "subshell":
            # What a subshell exports is gone with it.
            kept = list(self.changes), self.exports_all
            self._children(node, where)
            self.changes, self.exports_all = kept
            return
        if node.type == "command":
            self._command(node, where)
        elif node.type in ("declaration_command", "unset_command"):
            self._declaration(node, where.function)
        elif node.type == "variable_assignment" and not _is_prefix(node):
            self._assignment(node, where.function, exported=self.exports_all)
        elif node.type == "redirected_statement":
            self._document(node, where)
        elif node.type == "pipeline":
            self._piped(node, where)
        self._children(node, where)

    def _children(self, node: "Node", where: _Where) -> None:
        in_body = False
        for place, child in enumerate(node.children):
            in_body = in_body or child.type in ("then", "do_group")
            watched = where.guarded
            if node.type in _CONDITIONS:
                watched = watched or not in_body
            elif node.type == "list":
                watched = watched or place == 0
            elif node.type == "negated_command":
                watched = True
            self._walk(child, replace(where, guarded=watched))

    def _command(self, node: "Node", where: _Where) -> None:
        words = self._words(node)
        unwrapped = unwrap([word for word in words if word])
        if not unwrapped:
            return
        if unwrapped[0] in ("${@}", "$@", "$*", "${*}"):
            self._runners.add(where.function)
            return
        command = where.command(node.start_point[0] + 1, tuple(unwrapped))
        self.found.append(_Found(command, where.function))
        if command.program == "set":
            self._set(command.arguments)
        self._inner(node, command, where)

    def _words(self, node: "Node") -> list[str]:
        words: list[str] = []
        for child in node.children:
            if child.type in ("variable_assignment", "file_redirect", "herestring_redirect"):
                continue
            inner = child.children[0] if child.type == "command_name" else child
            text = self._word(inner)
            # An unquoted variable falls into words.
            words += text.split() if inner.type == "simple_expansion" else [text]
        return words

    def _set(self, arguments: tuple[str, ...]) -> None:
        pairs = zip(arguments, (*arguments[1:], ""), strict=True)
        for word, following in pairs:
            named = word in ("-o", "+o") and following == "allexport"
            if named or (word[:1] in "-+" and not word.startswith("--") and "a" in word):
                self.exports_all = word.startswith("-")

    def _inner(self, node: "Node", command: Command, where: _Where) -> None:
        """The commands that a command is told to run: ``bash -c '...'``, ``trap '...' EXIT``."""
        words = list(command.arguments)
        if command.program == "eval":
            self._nested(" ".join(words), command, where.function)
        elif command.program == "trap" and words and not words[0].startswith("-"):
            self._nested(words[0], command, where.function)
        elif command.program == "find":
            for place, word in enumerate(words[:-1]):
                if word in ("-exec", "-execdir", "-ok"):
                    told = unwrap(words[place + 1 :])
                    self.found.append(_Found(replace(command, words=tuple(told)), where.function))
        elif command.program in _TAKES_TEXT:
            place = next(
                (n for n, w in enumerate(words) if re.fullmatch(r"-\w*c|--command", w)), len(words)
            )
            if place + 1 < len(words):
                self._nested(words[place + 1], command, where.function)
            for child in node.children:
                if child.type == "herestring_redirect" and command.program in SHELLS:
                    self._nested(self._word(child.children[-1]), command, where.function)

    def _piped(self, node: "Node", where: _Where) -> None:
        """``echo '...' | bash`` runs the text; of any other text nothing is known here."""
        parts = [child for child in node.children if child.type == "command"]
        for giver, taker in pairwise(parts):
            given, taken = unwrap(self._words(giver)), unwrap(self._words(taker))
            if given[:1] in (["echo"], ["printf"]) and taken[:1] and taken[0] in SHELLS:
                around = replace(where, apart=True).command(giver.start_point[0] + 1, ())
                self._nested("\n".join(given[1:]), around, where.function)

    def _document(self, node: "Node", where: _Where) -> None:
        """A here-document is text, unless a shell or Python reads it."""
        body = node.child_by_field_name("body")
        redirects = [child for child in node.children if child.type == "heredoc_redirect"]
        if body is None or body.type != "command" or not redirects:
            return
        words = unwrap(self._words(body))
        program = words[0].rsplit("/", 1)[-1] if words else ""
        for part in redirects[0].children:
            if part.type != "heredoc_body":
                continue
            around = where.command(part.start_point[0], ())
            if program in SHELLS:
                self._nested(self._text(part), around, where.function)
            elif _PYTHON.fullmatch(program):
                told = replace(around, words=(program, "-c", self._text(part)))
                self.found.append(_Found(told, where.function))

    def _nested(self, text: str, around: Command, function: str) -> None:
        if self.depth >= MOST_DEPTH:
            return
        inner = _Reader(text, self.depth + 1)
        inner.variables = dict(self.variables)
        inner.read()
        if around.program == "eval":
            self.changes += [replace(change, function=function) for change in inner.changes]
        for command in inner.reached():
            guarded = around.guarded or command.guarded
            # A shell of its own, but for what this one evaluates.
            apart = around.apart or command.apart or around.program not in ("eval", "trap")
            moved = replace(command, line=around.line, guarded=guarded, apart=apart)
            self.found.append(_Found(moved, function))

    def _declaration(self, node: "Node", function: str) -> None:
        words = [self._text(child) for child in node.children]
        program = words[0]
        names = [c for c in node.children if c.type in ("variable_name", "word")]
        if program == "unset":
            for node_of_name in names:
                self._end(self._text(node_of_name), function)
            return
        flags = "".join(word for word in words[1:] if word.startswith("-"))
        exported = program == "export" or (program in _EXPORTS and "x" in flags)
        for child in node.children:
            if child.type == "variable_assignment":
                self._assignment(child, function, exported=exported and "n" not in flags)
            elif child.type == "variable_name" and exported:
                name = self._text(child)
                if "n" in flags:
                    self._end(name, function)
                else:
                    known = self._assigned.get(name)
                    value = known.value if known else self.variables.get(name, f"${name}")
                    one = Export(child.start_point[0] + 1, name, value)
                    self.changes.append(_Change(one, function))

    def _end(self, name: str, function: str) -> None:
        self.changes.append(_Change(Export(0, name, ""), function, gone=True))

    def _assignment(self, node: "Node", function: str, *, exported: bool) -> None:
        target = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if target is None or target.type != "variable_name":
            return
        name, text = self._text(target), self._word(value) if value else ""
        one = Export(node.start_point[0] + 1, name, text)
        self._assigned[name] = one
        if "$(" in text or "`" in text or f"${{{name}}}" in text:
            self.variables.pop(name, None)
        else:
            self.variables[name] = text
        self.changes.append(_Change(one, function, assigns=not exported))

    def _word(self, node: "Node") -> str:
        """The text of a word as the shell sees it, with variables whose value is known."""
        kind = node.type
        if kind in ("string", "concatenation", "command_name"):
            return "".join(
                self._word(child) if child.is_named else ("" if child.type == '"' else child.type)
                for child in node.children
            )
        if kind in ("raw_string", "ansi_c_string"):
            return self._text(node).removeprefix("$")[1:-1]
        if kind in ("simple_expansion", "expansion"):
            name = next((c for c in node.children if c.type == "variable_name"), None)
            plain = kind == "simple_expansion" or (name is not None and node.named_child_count == 1)
            if name is not None and plain:
                return self.variables.get(self._text(name), f"${{{self._text(name)}}}")
            return self._text(node)
        if kind == "command_substitution":
            return "$(...)"
        return self._text(node).replace("\\\n", "").replace("\\", "")

    def _text(self, node: "Node") -> str:
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")


def _is_prefix(node: "Node") -> bool:
    """Whether an assignment is for one command alone (``A=1 command``)."""
    return node.parent is not None and node.parent.type in ("command", "declaration_command")
