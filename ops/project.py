"""Where the project lies, seen from the folder in which a verb is started."""

from pathlib import Path

FILE = "Pulumi.yaml"


def root() -> Path:
    """The nearest folder upwards that holds Pulumi.yaml, as the engine looks for it, too.

    Without one it is the present folder: verbs on an environment need no project.
    """
    here = Path.cwd()
    return next((one for one in (here, *here.parents) if (one / FILE).is_file()), here)


def stacks() -> list[str]:
    """The stacks that have a file in the project."""
    return sorted(path.name.split(".")[1] for path in root().glob("Pulumi.*.yaml"))
