"""What a startup script does, in the words of bash: commands, and variables that it sets."""

from dataclasses import dataclass, field

SHELLS = {"bash", "sh", "dash", "ksh", "zsh"}


@dataclass(frozen=True)
class Command:
    """A command that runs: ``words`` without quotes (``$X`` stays where X is not known), without
    ``sudo`` and its like; of a loop that nothing ends its head. ``guarded``: its failure is looked
    at. ``captured``: its output is; AWS's guide gets a token so, below ``set -e``. ``apart``: it
    runs in a shell of its own, ``background``: nobody waits for it. ``webserver``: the web server
    may come to it. ``unaliased``: its name is quoted or behind ``builtin``, so that an alias of it
    does not count.
    """

    line: int
    words: tuple[str, ...]
    guarded: bool = False
    captured: bool = False
    apart: bool = False
    background: bool = False
    webserver: bool = True
    unaliased: bool = False

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
    """A variable and what it is given. ``value`` may hold ``$X``, or ``$(...)`` where it comes
    from a command."""

    line: int
    name: str
    value: str


@dataclass(frozen=True)
class Expansion:
    """A variable that is taken for set, in the script's own shell; with ``demanded`` by ``:?``."""

    line: int
    name: str
    demanded: bool


@dataclass(frozen=True)
class Script:
    """What a script says. ``shebang`` is its first line if that names an interpreter; ``exports``
    are left for what runs after it, ``assigned`` is every variable that it sets, for one command
    too; ``expansions`` are of variables that it does not set; ``unread`` are lines that are not
    bash, ``text`` its lines for who looks for words in them.
    """

    shebang: str
    has_windows_ends: bool
    commands: tuple[Command, ...]
    exports: tuple[Export, ...]
    assigned: tuple[Export, ...]
    expansions: tuple[Expansion, ...]
    unread: tuple[int, ...]
    text: str = field(repr=False)
