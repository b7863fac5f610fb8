"""Reads a startup script as bash does: its commands, what it exports, what it leaves switched on.

Parsed by tree-sitter's grammar of bash, so that comments, here-documents, quotes, chains and
functions mean what they mean to the shell. The grammar is loaded with the first script.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Programs that run the command that follows them, and their options that take a value.
WRAPPERS = {
    "sudo": {"-u", "-g", "-h", "-p", "-C", "-D"},
    "env": {"-u", "-C", "-S"},
    "timeout": {"-s", "-k"},
    "nice": {"-n"},
    "command": set(),
    "builtin": set(),
    "nohup": set(),
    "time": set(),
    "xargs": {"-n", "-I", "-P", "-L", "-d"},
    "setsid": set(),
    "stdbuf": {"-o", "-e", "-i"},
}
SHELLS = {"bash", "sh", "dash"}
# Whose failure the shell itself watches: the left of || and &&, conditions, and what ! turns round.
_CONDITIONS = {"if_statement", "elif_clause", "while_statement"}
_EXPORTS = {"export", "declare", "typeset", "readonly", "local"}
MOST_DEPTH = 4


@dataclass(frozen=True)
class Command:
    """A command that runs: ``words`` without quotes (``$X`` stays where X is not known), without
    ``sudo`` and its like. ``guarded``: its failure is looked at, ``captured``: its output is.
    """

    line: int
    words: tuple[str, ...]
    guarded: bool = False
    captured: bool = False

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


class _Reader:
    """One pass over a script. Variables keep the last literal value they were given."""

    def __init__(self, text: str, depth: int = 0) -> None:
        self.source = text.encode()
        self.depth = depth
        self.variables: dict[str, str] = {}
        self.exports: dict[str, Export] = {}
        self.found: list[_Found] = []
        self.unread: set[int] = set()
        self.exports_all = False
        self._assigned: dict[str, Export] = {}
        self._exported_in: dict[str, str] = {}

    def read(self) -> None:
        self._walk(_parser().parse(self.source).root_node, "", guarded=False, captured=False)

    def reached(self) -> Iterator[Command]:
        """The commands outside of functions and those of functions that are called."""
        called = self._called()
        return (one.command for one in self.found if one.function in called)

    def exported(self) -> Iterator[Export]:
        called = self._called()
        return (
            one for name, one in self.exports.items() if self._exported_in.get(name, "") in called
        )

    def _called(self) -> set[str]:
        called = {""}
        while True:
            names = {one.command.program for one in self.found if one.function in called}
            if names <= called:
                return called
            called |= names

    def _walk(self, node: "Node", function: str, *, guarded: bool, captured: bool) -> None:
        if node.is_missing or node.type == "ERROR":
            self.unread.add(node.start_point[0] + 1)
        if node.type == "function_definition":
            name = node.child_by_field_name("name")
            function = self._text(name) if name else function
        if node.type in ("command_substitution", "process_substitution"):
            captured = True
        if node.type == "subshell":
            # What a subshell exports is gone with it.
            kept = dict(self.exports), self.exports_all
            self._children(node, function, guarded=guarded, captured=captured)
            self.exports, self.exports_all = kept
            return
        if node.type == "command":
            self._command(node, function, guarded=guarded, captured=captured)
        elif node.type in ("declaration_command", "unset_command"):
            self._declaration(node, function)
        elif node.type == "variable_assignment" and not _is_prefix(node):
            self._assignment(node, function, exported=self.exports_all)
        elif node.type == "redirected_statement":
            self._document(node, function, guarded=guarded, captured=captured)
        self._children(node, function, guarded=guarded, captured=captured)

    def _children(self, node: "Node", function: str, *, guarded: bool, captured: bool) -> None:
        in_body = False
        for place, child in enumerate(node.children):
            in_body = in_body or child.type in ("then", "do_group")
            watched = guarded
            if node.type in _CONDITIONS:
                watched = guarded or not in_body
            elif node.type == "list":
                watched = guarded or place == 0
            elif node.type == "negated_command":
                watched = True
            self._walk(child, function, guarded=watched, captured=captured)

    def _command(self, node: "Node", function: str, *, guarded: bool, captured: bool) -> None:
        words: list[str] = []
        for child in node.children:
            if child.type in ("variable_assignment", "file_redirect", "herestring_redirect"):
                continue
            text = self._word(child.children[0] if child.type == "command_name" else child)
            # An unquoted variable falls into words.
            splits = child.type == "simple_expansion" or (
                child.type == "command_name" and child.children[0].type == "simple_expansion"
            )
            words += text.split() if splits else [text]
        words = _unwrap([word for word in words if word])
        if not words:
            return
        line = node.start_point[0] + 1
        command = Command(line, tuple(words), guarded, captured)
        self.found.append(_Found(command, function))
        if command.program == "set":
            self._set(command.arguments)
        if command.program in SHELLS or command.program == "eval":
            self._inner(command, function)

    def _set(self, arguments: tuple[str, ...]) -> None:
        pairs = zip(arguments, (*arguments[1:], ""), strict=True)
        for word, following in pairs:
            named = word in ("-o", "+o") and following == "allexport"
            if named or (word[:1] in "-+" and not word.startswith("--") and "a" in word):
                self.exports_all = word.startswith("-")

    def _inner(self, command: Command, function: str) -> None:
        """The script inside ``bash -c '...'`` or ``eval '...'``."""
        words = list(command.arguments)
        if command.program == "eval":
            self._nested(" ".join(words), command, function)
        elif any(word.startswith("-") and word.endswith("c") for word in words[:-1]):
            place = next(n for n, w in enumerate(words) if w.startswith("-") and w.endswith("c"))
            self._nested(words[place + 1], command, function)

    def _document(self, node: "Node", function: str, *, guarded: bool, captured: bool) -> None:
        """A here-document is text, unless a shell reads it."""
        body = node.child_by_field_name("body")
        redirects = [child for child in node.children if child.type == "heredoc_redirect"]
        if body is None or body.type != "command" or not redirects:
            return
        program = body.child_by_field_name("name")
        if program is None or self._text(program).rsplit("/", 1)[-1] not in SHELLS:
            return
        for part in redirects[0].children:
            if part.type == "heredoc_body":
                line = part.start_point[0]
                self._nested(self._text(part), Command(line, (), guarded, captured), function)

    def _nested(self, text: str, around: Command, function: str) -> None:
        if self.depth >= MOST_DEPTH:
            return
        inner = _Reader(text, self.depth + 1)
        inner.variables = dict(self.variables)
        inner.read()
        if around.program == "eval":
            self.exports |= inner.exports
        for command in inner.reached():
            moved = replace(command, line=around.line, guarded=around.guarded or command.guarded)
            self.found.append(_Found(moved, function))

    def _declaration(self, node: "Node", function: str) -> None:
        words = [self._text(child) for child in node.children]
        program = words[0]
        names = [c for c in node.children if c.type in ("variable_name", "word")]
        if program == "unset":
            for node_of_name in names:
                self.exports.pop(self._text(node_of_name), None)
            return
        flags = "".join(word for word in words[1:] if word.startswith("-"))
        exported = program == "export" or (program in _EXPORTS and "x" in flags)
        for child in node.children:
            if child.type == "variable_assignment":
                self._assignment(child, function, exported=exported and "n" not in flags)
            elif child.type == "variable_name" and exported:
                name = self._text(child)
                if "n" in flags:
                    self.exports.pop(name, None)
                else:
                    known = self._assigned.get(name)
                    value = known.value if known else self.variables.get(name, f"${name}")
                    self._export(Export(child.start_point[0] + 1, name, value), function)

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
        if exported or name in self.exports:
            self._export(one, function)

    def _export(self, one: Export, function: str) -> None:
        self.exports[one.name] = one
        self._exported_in[one.name] = function

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


def _unwrap(words: list[str]) -> list[str]:
    """The command that ``sudo``, ``env`` and their like run."""
    while words and words[0].rsplit("/", 1)[-1] in WRAPPERS:
        name = words[0].rsplit("/", 1)[-1]
        takes, rest = WRAPPERS[name], words[1:]
        while rest and (rest[0].startswith("-") or (name == "env" and "=" in rest[0])):
            rest = rest[2:] if rest[0] in takes else rest[1:]
        if name == "timeout":
            rest = rest[1:]
        if not rest:
            return words
        words = rest
    return words
