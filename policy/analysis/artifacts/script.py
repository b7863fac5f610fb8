"""Reads a startup script as bash does: its commands, what it exports, what it leaves switched on.

Parsed by tree-sitter's grammar of bash, so that comments, here-documents, quotes, chains and
functions mean what they mean to the shell. The grammar is loaded with the first script.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from policy.analysis.artifacts.branches import matches, on_webserver, truth
from policy.analysis.artifacts.expansions import expansions
from policy.analysis.artifacts.shell import SHELLS, Command, Export, Script
from policy.analysis.artifacts.words import Words, is_misplaced, is_prefix
from policy.analysis.artifacts.wrappers import unwrap
from policy.analysis.verdict import FAIL, PASS, UNSURE, Verdict, every, some

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# What runs the text after ``-c`` in a shell.
_TAKES_TEXT = SHELLS | {"su", "runuser"}
_PYTHON = re.compile(r"python\d?(\.\d+)?")
# Whose commands run in a shell of their own.
_APART = {"subshell", "command_substitution", "process_substitution", "pipeline"}
# Whose failure the shell itself watches: the left of || and &&, conditions, and what ! turns round.
_CONDITIONS = {"if_statement", "elif_clause", "while_statement"}
_BRANCHES = {"if_statement", "elif_clause"}
# What ends a loop from within.
_LEAVES = re.compile(r"\b(?:break|exit|return|exec)\b")
_EXPORTS = {"export", "declare", "typeset", "readonly", "local"}
MOST_DEPTH = 4


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
    root = reader.read()
    return Script(
        shebang=first if first.startswith("#!") else "",
        has_windows_ends="\r\n" in text,
        commands=tuple(reader.reached()),
        exports=tuple(reader.exported()),
        assigned=tuple(reader.assigned),
        expansions=tuple(expansions(root, reader.text, reader.called())),
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
    """What surrounds a node: the function it stands in, and how what runs there is run.

    ``webserver``: whether the web server comes here.
    """

    function: str = ""
    webserver: Verdict = PASS
    guarded: bool = False
    captured: bool = False
    apart: bool = False
    background: bool = False

    def command(self, line: int, words: tuple[str, ...]) -> Command:
        there = self.webserver is not FAIL
        return Command(line, words, self.guarded, self.captured, self.apart, self.background, there)


@dataclass(frozen=True)
class _Change:
    """What a line does to the exports: a new one, an assignment of what may be one, or, with
    ``gone``, its end."""

    export: Export
    function: str
    assigns: bool = False
    gone: bool = False


class _Reader(Words):
    """One pass over a script."""

    def __init__(self, text: str, depth: int = 0) -> None:
        super().__init__(text)
        self.depth = depth
        self.changes: list[_Change] = []
        self.found: list[_Found] = []
        self.unread: set[int] = set()
        self.assigned: list[Export] = []
        self.exports_all = False
        self._assigned: dict[str, Export] = {}
        self._functions: set[str] = set()
        # Functions that run the words they are given.
        self._runners: set[str] = set()
        # Functions that the web server has left; "" is the script itself.
        self._left: set[str] = set()

    def read(self) -> "Node":
        root = _parser().parse(self.source).root_node
        self._walk(root, _Where())
        return root

    def reached(self) -> Iterator[Command]:
        """The commands outside of functions and those of functions that are called."""
        called = self.called()
        on_webserver = self.called(by_webserver=True)
        # A function around the program of its own name is no other command.
        around = {one.function for one in self.found if one.command.program == one.function}
        own = self._functions - around
        for one in self.found:
            words = one.command.words if one.function in called else ()
            if words and one.command.program in own:
                # A call runs what the function does, or the words that it is given.
                is_runner = one.command.program in self._runners
                words = tuple(unwrap(list(one.command.arguments))) if is_runner else ()
            if words:
                there = one.command.webserver and one.function in on_webserver
                yield replace(one.command, words=words, webserver=there)

    def exported(self) -> Iterator[Export]:
        called = self.called()
        exports: dict[str, Export] = {}
        for change in self.changes:
            name = change.export.name
            if change.function not in called or (change.assigns and name not in exports):
                continue
            exports.pop(name, None)
            if not change.gone:
                exports[name] = change.export
        return iter(exports.values())

    def called(self, *, by_webserver: bool = False) -> set[str]:
        called = {""}
        while True:
            names = {
                one.command.program
                for one in self.found
                if one.function in called and (one.command.webserver or not by_webserver)
            }
            if names <= called:
                return called
            called |= names

    def _walk(self, node: "Node", where: _Where) -> None:
        if node.is_missing or node.type == "ERROR" or is_misplaced(node):
            self.unread.add(node.start_point[0] + 1)
        if node.type == "function_definition":
            name = node.child_by_field_name("name")
            where = replace(where, function=self.text(name) if name else where.function)
            self._functions.add(where.function)
        if node.type in ("command_substitution", "process_substitution"):
            where = replace(where, captured=True)
        if node.type in _APART:
            where = replace(where, apart=True)
        if node.next_sibling is not None and node.next_sibling.type == "&":
            where = replace(where, apart=True, background=True)
        if where.function in self._left:
            where = replace(where, webserver=FAIL)
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
        elif node.type == "variable_assignment" and not is_prefix(node):
            self._assignment(node, where.function, exported=self.exports_all)
        elif node.type == "variable_assignment" and node.parent and node.parent.type == "command":
            self._set_for_one(node)
        elif node.type in ("while_statement", "c_style_for_statement"):
            self._loop(node, where)
        elif node.type == "redirected_statement":
            self._document(node, where)
        elif node.type == "pipeline":
            self._piped(node, where)
        self._children(node, where)

    def _children(self, node: "Node", where: _Where) -> None:
        in_body = False
        # Whether the web server comes to the next branch.
        rest = every((where.webserver, ~self._condition(node)))
        for place, child in enumerate(node.children):
            in_body = in_body or child.type in ("then", "do_group")
            watched, webserver = where.guarded, where.webserver
            if node.type in _CONDITIONS:
                watched = watched or not in_body
            elif node.type == "list":
                watched = watched or place == 0
            elif node.type == "negated_command":
                watched = True
            if child.type in ("elif_clause", "else_clause"):
                webserver, rest = rest, every((rest, ~self._condition(child)))
            elif child.type == "case_item":
                taken = self._taken(node, child)
                webserver, rest = every((rest, taken)), every((rest, ~taken))
            elif node.type in _BRANCHES and in_body:
                webserver = every((webserver, self._condition(node)))
            elif node.type == "list" and place == 2:
                left = self._truth(node.children[0])
                goes_on = left if node.children[1].type == "&&" else ~left
                webserver = every((webserver, goes_on))
            self._walk(child, replace(where, guarded=watched, webserver=webserver))

    def _condition(self, node: "Node") -> Verdict:
        """What the condition of a branch comes to on the web server; other nodes have none."""
        if node.type == "case_statement":
            return FAIL
        if node.type not in _BRANCHES:
            return UNSURE
        until = next((n for n, child in enumerate(node.children) if child.type == "then"), 0)
        tests = [child for child in node.children[:until] if child.is_named]
        return self._truth(tests[0]) if len(tests) == 1 else UNSURE

    def _truth(self, node: "Node") -> Verdict:
        return truth(node, self.text, self.variables)

    def _taken(self, statement: "Node", item: "Node") -> Verdict:
        """Whether the web server takes a branch of ``case``."""
        subject = statement.child_by_field_name("value")
        value = on_webserver(self.word(subject), self.variables) if subject else "$"
        patterns = item.children_by_field_name("value")
        return some(matches(self.text(pattern), value) for pattern in patterns)

    def _loop(self, node: "Node", where: _Where) -> None:
        """A loop that nothing ends stands among the commands by its head."""
        head = self.text(node).partition("\n")[0].partition(";")[0].strip()
        endless = head in ("while true", "while :", "while [ 1 ]", "while [ true ]", "until false")
        condition = node.child_by_field_name("condition")
        if node.type == "c_style_for_statement":
            head, endless = "for ((;;))", condition is None
        if endless and not _LEAVES.search(self.text(node)):
            line = node.start_point[0] + 1
            self.found.append(_Found(where.command(line, tuple(head.split())), where.function))

    def _command(self, node: "Node", where: _Where) -> None:
        words = self.words(node)
        unwrapped = unwrap([word for word in words if word])
        if not unwrapped:
            return
        if unwrapped[0] in ("${@}", "$@", "$*", "${*}"):
            self._runners.add(where.function)
            return
        command = where.command(node.start_point[0] + 1, tuple(unwrapped))
        if command.program == "exit" and self.text(node.children[0]) != "exit":
            command = replace(command, unaliased=True)
        self.found.append(_Found(command, where.function))
        if command.program == "set":
            self._set(command.arguments)
        if command.program in ("exit", "return") and not command.apart and where.webserver is PASS:
            self._left.add(where.function)
        self._inner(node, command, where)

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
                    self._nested(self.word(child.children[-1]), command, where.function)

    def _piped(self, node: "Node", where: _Where) -> None:
        """``echo '...' | bash`` runs the text; of any other text nothing is known here."""
        parts = [child for child in node.children if child.type == "command"]
        for giver, taker in pairwise(parts):
            given, taken = unwrap(self.words(giver)), unwrap(self.words(taker))
            if given[:1] in (["echo"], ["printf"]) and taken[:1] and taken[0] in SHELLS:
                around = replace(where, apart=True).command(giver.start_point[0] + 1, ())
                self._nested("\n".join(given[1:]), around, where.function)

    def _document(self, node: "Node", where: _Where) -> None:
        """A here-document is text, unless a shell or Python reads it."""
        body = node.child_by_field_name("body")
        redirects = [child for child in node.children if child.type == "heredoc_redirect"]
        if body is None or body.type != "command" or not redirects:
            return
        words = unwrap(self.words(body))
        program = words[0].rsplit("/", 1)[-1] if words else ""
        for part in redirects[0].children:
            if part.type != "heredoc_body":
                continue
            around = where.command(part.start_point[0], ())
            if program in SHELLS:
                self._nested(self.text(part), around, where.function)
            elif _PYTHON.fullmatch(program):
                told = replace(around, words=(program, "-c", self.text(part)))
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
            there = around.webserver and command.webserver
            moved = replace(
                command, line=around.line, guarded=guarded, apart=apart, webserver=there
            )
            self.found.append(_Found(moved, function))

    def _declaration(self, node: "Node", function: str) -> None:
        words = [self.text(child) for child in node.children]
        program = words[0]
        names = [c for c in node.children if c.type in ("variable_name", "word")]
        if program == "unset":
            for node_of_name in names:
                self._end(self.text(node_of_name), function)
            return
        flags = "".join(word for word in words[1:] if word.startswith("-"))
        exported = program == "export" or (program in _EXPORTS and "x" in flags)
        for child in node.children:
            if child.type == "variable_assignment":
                self._assignment(child, function, exported=exported and "n" not in flags)
            elif child.type == "variable_name" and exported:
                name = self.text(child)
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
        name, text = self.text(target), self.word(value) if value else ""
        one = Export(node.start_point[0] + 1, name, text)
        self._assigned[name] = one
        self.assigned.append(one)
        if "$(" in text or "`" in text or f"${{{name}}}" in text:
            self.variables.pop(name, None)
        else:
            self.variables[name] = text
        self.changes.append(_Change(one, function, assigns=not exported))

    def _set_for_one(self, node: "Node") -> None:
        """A variable that one command gets."""
        target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if target is not None and value is not None:
            line = node.start_point[0] + 1
            self.assigned.append(Export(line, self.text(target), self.word(value)))
