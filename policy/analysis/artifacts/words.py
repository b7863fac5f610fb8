"""The words of a script as the shell sees them, with the variables whose value is known."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


class Words:
    """A script's words. Variables keep the last literal value they were given."""

    def __init__(self, text: str) -> None:
        self.source = text.encode()
        self.variables: dict[str, str] = {}

    def words(self, node: "Node") -> list[str]:
        """The words of a command, without its redirections."""
        words: list[str] = []
        for child in node.children:
            if child.type in ("variable_assignment", "file_redirect", "herestring_redirect"):
                continue
            inner = child.children[0] if child.type == "command_name" else child
            text = self.word(inner)
            # An unquoted variable falls into words.
            words += text.split() if inner.type == "simple_expansion" else [text]
        return words

    def word(self, node: "Node") -> str:
        """The text of a word as the shell sees it, with variables whose value is known."""
        kind = node.type
        if kind in ("string", "concatenation", "command_name"):
            return "".join(
                self.word(child) if child.is_named else ("" if child.type == '"' else child.type)
                for child in node.children
            )
        if kind in ("raw_string", "ansi_c_string"):
            return self.text(node).removeprefix("$")[1:-1]
        if kind in ("simple_expansion", "expansion"):
            name = next((c for c in node.children if c.type == "variable_name"), None)
            plain = kind == "simple_expansion" or (name is not None and node.named_child_count == 1)
            if name is not None and plain:
                return self.variables.get(self.text(name), f"${{{self.text(name)}}}")
            return self.text(node)
        if kind == "command_substitution":
            return "$(...)"
        return self.text(node).replace("\\\n", "").replace("\\", "")

    def text(self, node: "Node") -> str:
        """What stands in the script."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")


def is_prefix(node: "Node") -> bool:
    """Whether an assignment is for one command alone (``A=1 command``)."""
    return node.parent is not None and node.parent.type in ("command", "declaration_command")


def is_misplaced(node: "Node") -> bool:
    """Whether parentheses follow a command, as in ``print("x")``: the grammar lets that pass."""
    return node.type == "subshell" and node.parent is not None and node.parent.type == "command"
